import { tf } from "../engine/mod.ts";
import { axes, type Params } from "../core/mod.ts";
import { type Adapter, joinRope, ropeGrid } from "../nn/mod.ts";
import type { Backbone, VelocityField } from "./backbone.ts";
import { fluxForward } from "./flux.ts";
import { type FluxConfig, fluxWidth } from "./flux_config.ts";
import { countShapes, fluxShapes, fluxTargets } from "./flux_shapes.ts";
import { initTransformer } from "./init.ts";
import { patchify, unpatchify } from "./patches.ts";

/** What can be chosen of the small transformer. */
export interface SmallConfig {
  /** Width of the tokens, a multiple of twice the heads. Default 96. */
  readonly width?: number;
  /** Number of attention heads. */
  readonly heads?: number;
  /** Double blocks. */
  readonly double?: number;
  /** Single blocks. */
  readonly single?: number;
  /** Side of a patch in pixels. */
  readonly patch?: number;
  /** Zero tokens that stand where FLUX has text. */
  readonly contextTokens?: number;
  /** Run every block again for its gradient: less memory, more time. */
  readonly checkpointing?: boolean;
}

const CHANNELS = 3;
const TEXT_WIDTH = 8; // of the zero context and the zero pooled vector

/**
 * Tell how FLUX's architecture is filled in for the small transformer.
 *
 * @throws {RangeError} If the heads do not divide the width into even head widths of at least 6.
 */
export function smallFluxConfig(config: SmallConfig = {}): FluxConfig {
  const { width = 96, heads = 4, double = 2, single = 2, patch = 4 } = config;
  const headWidth = width / heads;
  if (!(headWidth >= 6 && headWidth % 2 === 0)) {
    throw new RangeError(
      `Cannot build small transformer as width / heads must be even and at least 6: current value is ${width} / ${heads}`,
    );
  }
  const third = 2 * Math.floor(headWidth / 6);
  return {
    inChannels: 2 * CHANNELS * patch ** 2,
    outChannels: CHANNELS * patch ** 2,
    heads,
    headWidth,
    doubleBlocks: double,
    singleBlocks: single,
    contextWidth: TEXT_WIDTH,
    pooledWidth: TEXT_WIDTH,
    guidance: false,
    axesWidths: [headWidth - 2 * third, third, third],
  };
}

/**
 * Build the small transformer: FLUX's blocks on pixels, with the condition on the channels and an empty context.
 *
 * Any image size that the patch divides will do; the positions are (0, row, column) of the patches.
 *
 * @param config Widths and depths; the defaults are width 96, 4 heads, 2 + 2 blocks, patch 4, 8 context tokens.
 * @returns A backbone whose velocity is zero until it is trained.
 * @throws {RangeError} If the heads do not divide the width into even head widths of at least 6.
 */
export function smallTransformer(config: SmallConfig = {}): Backbone {
  const { patch = 4, contextTokens = 8, checkpointing = false } = config;
  const flux = smallFluxConfig(config);
  const shapes = fluxShapes(flux);

  const velocity = (params: Params, adapters: readonly Adapter[] = []): VelocityField => (xt, t, c) => {
    const { H, W } = axes([xt, `B H W ${CHANNELS}`], [t, "B"], [c, `B H W ${CHANNELS}`]);
    if (H % patch !== 0 || W % patch !== 0) {
      throw new RangeError(`Cannot cut image as its sides must be multiples of ${patch}: current value is ${H} x ${W}`);
    }
    return tf.tidy(() => {
      const towardsNoise = fluxForward(
        flux,
        params,
        {
          hiddenStates: patchify(xt, patch),
          condition: patchify(c, patch),
          encoderHiddenStates: tf.zeros([1, contextTokens, TEXT_WIDTH]),
          pooledProjections: tf.zeros([1, TEXT_WIDTH]),
          sigma: tf.sub<tf.Tensor1D>(1, t),
          rope: joinRope(contextTokens, ropeGrid(H / patch, W / patch, flux.axesWidths)),
        },
        adapters,
        { checkpointing },
      );
      return unpatchify(towardsNoise, patch, H, W).neg();
    });
  };
  return {
    name: `small-${fluxWidth(flux)}x${flux.doubleBlocks}+${flux.singleBlocks}`,
    targets: fluxTargets(flux),
    shapes,
    parameterCount: countShapes(shapes),
    init: (seed) => initTransformer(shapes, seed),
    velocity,
  };
}
