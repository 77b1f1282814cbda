import { tf } from "../engine/mod.ts";
import { axes, type Params } from "../core/mod.ts";
import { type Adapter, joinRope, ropeGrid } from "../nn/mod.ts";
import type { Backbone, VelocityField } from "./backbone.ts";
import { fluxForward } from "./flux.ts";
import type { FluxConfig } from "./flux_config.ts";
import { countShapes, fluxShapes, fluxTargets } from "./flux_shapes.ts";
import { initTransformer } from "./init.ts";
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

/**
 * Make a backbone of a FLUX transformer. Its field works on autoencoder latents in place of images, also for the
 * condition; height and width must be even.
 *
 * Here FLUX's conventions end: the field at the paper's time `t` is the negative output at `sigma = 1 - t`.
 *
 * @param config Widths and depths.
 * @param options Text, condition and guidance; the tensors stay the caller's and must outlive the field.
 * @returns A backbone; FLUX.1-dev and a test of two blocks differ in `config` only.
 * @throws {RangeError} If the condition is on the channels and `inChannels` is not twice `outChannels`.
 */
export function fluxBackbone(config: FluxConfig, options: FluxBackboneOptions): Backbone {
  const { context, pooled, conditioning, guidance = 1, checkpointing = false } = options;
  const expected = conditioning === "channel" ? 2 * config.outChannels : config.outChannels;
  if (config.inChannels !== expected) {
    throw new RangeError(
      `Cannot condition FLUX by ${conditioning} as inChannels must be ${expected}: current value is ${config.inChannels}`,
    );
  }
  const shapes = fluxShapes(config), channels = config.outChannels / 4;

  const velocity = (params: Params, adapters: readonly Adapter[] = []): VelocityField => (xt, t, c) => {
    const sides = conditioning === "token" ? "I J" : "H W";
    const { B, H, W } = axes([xt, `B H W ${channels}`], [t, "B"], [c, `B ${sides} ${channels}`]);
    return tf.tidy(() => {
      const image = packLatents(xt), tokens = image.shape[1];
      const [, I, J] = c.shape;
      const own = ropeGrid(H / 2, W / 2, config.axesWidths);
      const appended = conditioning === "token";
      const output = fluxForward(
        config,
        params,
        {
          hiddenStates: appended ? tf.concat([image, packLatents(c)], 1) : image,
          condition: conditioning === "channel" ? packLatents(c) : undefined,
          encoderHiddenStates: context,
          pooledProjections: pooled,
          sigma: tf.sub<tf.Tensor1D>(1, t),
          guidance: config.guidance ? tf.fill<tf.Rank.R1>([B], guidance) : undefined,
          rope: joinRope(
            context.shape[1]!,
            own,
            ...(appended ? [ropeGrid(I / 2, J / 2, config.axesWidths, 1, [H / I, W / J])] : []),
          ),
        },
        adapters,
        { checkpointing },
      );
      const towardsNoise = appended ? tf.split(output, [tokens, I * J / 4], 1)[0] : output;
      return unpackLatents(towardsNoise.reshape([B, tokens, config.outChannels]), H, W).neg();
    });
  };
  return {
    name: `flux-${config.heads * config.headWidth}x${config.doubleBlocks}+${config.singleBlocks}`,
    targets: fluxTargets(config),
    shapes,
    parameterCount: countShapes(shapes),
    init: (seed) => initTransformer(shapes, seed),
    velocity,
  };
}
