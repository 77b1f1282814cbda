import { tensorScope } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { batchOf } from "../dataset/mod.ts";
import { drawNoise, sample } from "../flow/mod.ts";
import { restorePairs, type Restorer, unsharpMask, type UnsharpOptions } from "../restorers/mod.ts";
import type { ArtifactSource } from "./artifacts.ts";

/** Make artifacts by over-sharpening a restorer's outputs: ringing and halos, as of Real-ESRGAN. */
export function sharpened(restorer: Restorer, options: UnsharpOptions): ArtifactSource {
  return async (pairs, images, signal) => ({
    name: "sharpened",
    images,
    size: pairs.size,
    pixels: await restorePairs((lr) => unsharpMask(restorer(lr), options), pairs, { images, signal }),
  });
}

/** How an under-trained sampler samples. */
export interface UndertrainedOptions {
  /** Seed of the noise. */
  readonly seed: number;
  /** Euler steps. Default 4. */
  readonly steps?: number;
  /** Images in one call of the network. Default 16. */
  readonly batchSize?: number;
}

/**
 * Make artifacts by sampling an early checkpoint in few steps: unstable texture, as of diffusion restorers (SeeSR).
 *
 * @param field The field of that checkpoint.
 */
export function undertrained(field: VelocityField, options: UndertrainedOptions): ArtifactSource {
  const { seed, steps = 4, batchSize } = options;
  return async (pairs, images, signal) => {
    using scope = tensorScope();
    const { c } = scope.own(batchOf(pairs, images));
    const x0 = scope.own(drawNoise(seed, "undertrained/noise", 0, images, [pairs.size, pairs.size, 3]));
    const samples = scope.own(await sample({ field, x0, c, steps, batchSize, signal }));
    const clipped = scope.own(samples.clipByValue(-1, 1));
    return { name: "undertrained", images, size: pairs.size, pixels: await clipped.data<"float32">() };
  };
}
