import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";
import { joinRope, ropeGrid } from "../nn/mod.ts";
import type { FluxInputs } from "./flux.ts";
import type { FluxConfig } from "./flux_config.ts";
import { packLatents, unpackLatents } from "./latents.ts";

/** How a FLUX transformer becomes a velocity field. */
export interface FluxBackboneOptions {
  /** Text tokens for the whole batch, such as those of the empty prompt. `[1, T, contextWidth]` */
  readonly context: tf.Tensor;
  /** Pooled text. `[1, pooledWidth]` */
  readonly pooled: tf.Tensor;
  /**
   * How the condition enters: as tokens after those of the image, at the positions (1, row, column), spread over the image
   * where the condition is smaller; on the channels of a transformer whose `inChannels` is twice `outChannels`; or not at
   * all.
   */
  readonly conditioning: "token" | "channel" | "none";
  /** Guidance scale, read where the transformer has that input. Default 1. */
  readonly guidance?: number;
  /** Run every block again for its gradient: less memory, more time. */
  readonly checkpointing?: boolean;
}

/** Name of a transformer by its sizes. */
export function fluxName({ heads, headWidth, doubleBlocks, singleBlocks }: FluxConfig): string {
  return `flux-${heads * headWidth}x${doubleBlocks}+${singleBlocks}`;
}

/**
 * Check that a transformer takes its condition as told.
 *
 * @throws {RangeError} If the condition is on the channels and `inChannels` is not twice `outChannels`.
 */
export function checkConditioning(config: FluxConfig, { conditioning }: FluxBackboneOptions): void {
  const expected = conditioning === "channel" ? 2 * config.outChannels : config.outChannels;
  if (config.inChannels !== expected) {
    throw new RangeError(
      `Cannot condition FLUX by ${conditioning} as inChannels must be ${expected}: current value is ${config.inChannels}`,
    );
  }
}

/**
 * Make the transformer's inputs of those of a velocity field. Here the paper's time ends: `sigma = 1 - t`.
 *
 * @param xt State. `[B, H, W, C]`, H and W even.
 * @param t Times. `[B]`
 * @param c Condition, of the sides of `xt` unless it enters as tokens. `[B, I, J, C]`
 */
export function fluxInputs(
  config: FluxConfig,
  options: FluxBackboneOptions,
  xt: tf.Tensor4D,
  t: tf.Tensor1D,
  c: tf.Tensor4D,
): FluxInputs {
  const { context, pooled, conditioning, guidance = 1 } = options, channels = config.outChannels / 4;
  const appended = conditioning === "token", sides = appended ? "I J" : "H W";
  const { B, H, W } = axes([xt, `B H W ${channels}`], [t, "B"], [c, `B ${sides} ${channels}`]);
  const image = packLatents(xt), own = ropeGrid(H / 2, W / 2, config.axesWidths), [, I, J] = c.shape;
  const spread = () => ropeGrid(I / 2, J / 2, config.axesWidths, 1, [H / I, W / J]);
  return {
    hiddenStates: appended ? tf.concat([image, packLatents(c)], 1) : image,
    condition: conditioning === "channel" ? packLatents(c) : undefined,
    encoderHiddenStates: context,
    pooledProjections: pooled,
    sigma: tf.sub<tf.Tensor1D>(1, t),
    guidance: config.guidance ? tf.fill<tf.Rank.R1>([B], guidance) : undefined,
    rope: joinRope(context.shape[1]!, ...(appended ? [own, spread()] : [own])),
  };
}

/**
 * Make a velocity of the transformer's output, which points towards the noise.
 *
 * @param output One prediction per token, those of an appended condition included. `[B, N, outChannels]`
 * @param xt State, for its shape. `[B, H, W, C]`
 * @returns Velocity. `[B, H, W, C]`
 */
export function fluxVelocity(
  config: FluxConfig,
  { conditioning }: FluxBackboneOptions,
  output: tf.Tensor3D,
  xt: tf.Tensor4D,
): tf.Tensor4D {
  const [batch, height, width] = xt.shape, tokens = height * width / 4;
  const towardsNoise = conditioning === "token" ? tf.split(output, [tokens, output.shape[1] - tokens], 1)[0] : output;
  return unpackLatents(towardsNoise.reshape([batch, -1, config.outChannels]), height, width).neg();
}
