import { tf } from "../../engine/mod.ts";
import { axes, type Params } from "../../core/mod.ts";
import type { Adapter } from "../../nn/mod.ts";
import type { Backbone, VelocityField } from "../backbone.ts";
import { timestepOf } from "../diffusion_schedule.ts";
import { countShapes } from "../flux_shapes.ts";
import { initTransformer } from "../init.ts";
import { unetForward } from "./unet.ts";
import type { UnetConfig } from "./config.ts";
import { unetShapes, unetTargets } from "./shapes.ts";

/** How a UNet becomes a field. */
export interface UnetBackboneOptions {
  /** Text tokens for the whole batch, such as those of the empty prompt. `[1, M, contextWidth]` */
  readonly context: tf.Tensor;
  /** Pooled text, for SDXL. `[1, pooledWidth]` */
  readonly pooled?: tf.Tensor;
  /**
   * Original height and width, top and left of the crop, target height and width in pixels, for SDXL. By default the
   * latents' own size, 8 pixels each, and no crop.
   */
  readonly sizes?: readonly [number, number, number, number, number, number];
  /** How the condition enters: on the channels of a UNet whose `inChannels` is twice `outChannels`; or not at all. */
  readonly conditioning: "channel" | "none";
  /** Run every block again for its gradient: less memory, more time. */
  readonly checkpointing?: boolean;
}

/** Pixels that a latent of SDXL's autoencoder stands for, on each side. */
const PIXELS = 8;

/**
 * Make a backbone of a UNet of SD1.5 or SDXL. Its field works on autoencoder latents in place of images, also for the
 * condition, and predicts the noise: at the paper's time `t` it is what the UNet says at `timestepOf(t)`.
 *
 * The parameters are frozen: it is trained by adapters. For a condition on the channels, published weights are widened by
 * `widenInput(params, "conv_in", config.inChannels)`; only the adapter of `conv_in` lets the condition in.
 *
 * @param config Widths and depths, such as `{ ...SD15_UNET, inChannels: 8 }`.
 * @param options Text and condition; the tensors stay the caller's and must outlive the field.
 * @returns A backbone.
 * @throws {RangeError} If `inChannels` does not fit the conditioning, or pooled text is missing or out of place.
 */
export function unetBackbone(config: UnetConfig, options: UnetBackboneOptions): Backbone {
  const { context, pooled, sizes, conditioning, checkpointing = false } = options;
  const channels = config.outChannels, expected = conditioning === "channel" ? 2 * channels : channels;
  if (config.inChannels !== expected) {
    throw new RangeError(
      `Cannot condition UNet by ${conditioning} as inChannels must be ${expected}: current value is ${config.inChannels}`,
    );
  }
  if ((pooled === undefined) !== (config.added === undefined)) {
    const rule = config.added ? "it needs pooled text" : "it has no input for pooled text";
    throw new RangeError(`Cannot make backbone of UNet as ${rule}: current value is ${pooled && `[${pooled.shape}]`}`);
  }
  axes([context, `1 M ${config.contextWidth}`]);
  if (pooled) axes([pooled, `1 ${config.added?.pooledWidth}`]);
  const shapes = unetShapes(config);

  const velocity = (params: Params, adapters: readonly Adapter[] = []): VelocityField => (xt, t, c) => {
    const { H, W } = axes([xt, `B H W ${channels}`], [t, "B"], [c, `B H W ${channels}`]);
    return tf.tidy(() => {
      const sample = conditioning === "channel" ? tf.concat([xt, c], 3) : xt;
      const own = [PIXELS * H, PIXELS * W, 0, 0, PIXELS * H, PIXELS * W];
      const given = pooled && tf.tensor2d([...sizes ?? own], [1, 6]);
      const inputs = { sample, timestep: timestepOf(t), context, pooled, sizes: given };
      return unetForward(config, params, inputs, adapters, { checkpointing });
    });
  };
  return {
    name: `unet-${config.widths.join("-")}`,
    targets: unetTargets(config),
    shapes,
    parameterCount: countShapes(shapes),
    init: (seed) => initTransformer(shapes, seed),
    velocity,
  };
}
