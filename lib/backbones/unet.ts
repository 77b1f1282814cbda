import { tf } from "../engine/mod.ts";
import { axes, type Params } from "../core/mod.ts";
import { adaptedConv, type Adapter, normedConv, silu } from "../nn/mod.ts";
import { type UnetConfig, unetFactor } from "./unet_config.ts";
import { unetEmbedding, type UnetEmbeddingInputs } from "./unet_embedding.ts";
import { downLevel, middle, RESIDUAL_EPSILON, upLevel } from "./unet_levels.ts";
import type { UnetPass } from "./unet_pass.ts";

/** Inputs of a UNet, in the conventions of diffusers but for the order of the axes. */
export interface UnetInputs extends UnetEmbeddingInputs {
  /** Noisy latents, with the condition behind them on the channels where there is one. `[B, H, W, inChannels]` */
  readonly sample: tf.Tensor4D;
  /** Text tokens. `[B, M, contextWidth]`, or `[1, M, contextWidth]` for the whole batch. */
  readonly context: tf.Tensor;
}

/** How to run a UNet. */
export interface UnetOptions {
  /** Run every block again for its gradient instead of keeping its activations: less memory, more time. */
  readonly checkpointing?: boolean;
}

/**
 * Run a UNet of the Stable Diffusion family (Rombach et al. 2022) of any width and depth.
 *
 * Its parameters are frozen: gradients reach the inputs and the adapters.
 *
 * @param config Widths and depths.
 * @param params Under the names of `unetShapes(config)`.
 * @param inputs Latents, time and text.
 * @param adapters Low-rank additions to any of the linear layers and to `conv_in`.
 * @param options How to run it.
 * @returns The predicted noise. `[B, H, W, outChannels]`
 * @throws {RangeError} If the latents have another number of channels, or sides that cannot be halved at every level, or
 * if pooled text and sizes do not fit the UNet.
 */
export function unetForward(
  config: UnetConfig,
  params: Params,
  inputs: UnetInputs,
  adapters: readonly Adapter[] = [],
  options: UnetOptions = {},
): tf.Tensor4D {
  const { sample, context, timestep } = inputs, factor = unetFactor(config);
  const { H, W } = axes([sample, `B H W ${config.inChannels}`], [timestep, "B"], [
    context,
    `_ _ ${config.contextWidth}`,
  ]);
  if (H % factor !== 0 || W % factor !== 0) {
    throw new RangeError(`Cannot run UNet as sides must be multiples of ${factor}: current value is ${H} x ${W}`);
  }
  return tf.tidy(() => {
    const embedding = silu(unetEmbedding(config, params, inputs, adapters));
    const pass: UnetPass = { config, params, adapters, embedding, context, checkpointing: false, ...options };
    const skips = [adaptedConv(params, "conv_in", sample, adapters)];
    config.widths.forEach((_, level) => skips.push(...downLevel(pass, level, skips[skips.length - 1])));
    let x = middle(pass, skips[skips.length - 1]);
    for (let level = config.widths.length - 1; level >= 0; level--) x = upLevel(pass, level, x, skips);
    return normedConv(params, "conv_norm_out", "conv_out", x, { groups: config.groups, epsilon: RESIDUAL_EPSILON });
  });
}
