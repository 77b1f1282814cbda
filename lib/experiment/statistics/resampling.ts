import { rng } from "../../core/mod.ts";

/** Which seeds and images every draw of a bootstrap takes; drawn once and shared by all comparisons of a run. */
export interface Resampling {
  /** Seeds in a draw. */
  readonly seeds: number;
  /** Images in a draw. */
  readonly images: number;
  /** Number of draws. */
  readonly draws: number;
  /** Share of each seed in a draw. `[draws * seeds]` */
  readonly seedShares: Float64Array;
  /** Images of a draw, with repetition. `[draws * images]` */
  readonly imageIndices: Uint32Array;
}

/** How a bootstrap draws. */
export interface ResamplingOptions {
  /** Number of draws; 10,000 fix a 95 % interval to about one percent of its width. */
  readonly draws?: number;
  /** Seed of the draws themselves. */
  readonly seed?: number;
}

/**
 * Draw the seeds and images of every bootstrap draw: seeds with replacement, then images with replacement.
 *
 * All seeds of a draw share its images, as all seeds were evaluated on the same images (the two-way bootstrap of
 * Owen 2007, "The pigeonhole bootstrap"): an image that is hard for every seed is one observation, not several.
 *
 * @throws {RangeError} If a count is not a positive whole number.
 */
export function resampling(seeds: number, images: number, options: ResamplingOptions = {}): Resampling {
  const { draws = 10_000, seed = 0 } = options;
  for (const [name, value] of [["seeds", seeds], ["images", images], ["draws", draws]] as const) {
    if (!(Number.isInteger(value) && value > 0)) {
      throw new RangeError(`Cannot resample as ${name} must be a positive whole number: current value is ${value}`);
    }
  }
  const seedShares = new Float64Array(draws * seeds);
  const pickedSeeds = rng(seed, "bootstrap seeds").uniforms(draws * seeds);
  for (let i = 0; i < pickedSeeds.length; i++) {
    const draw = Math.floor(i / seeds);
    seedShares[draw * seeds + Math.floor(pickedSeeds[i] * seeds)] += 1 / seeds;
  }
  const imageIndices = Uint32Array.from(
    rng(seed, "bootstrap images").uniforms(draws * images),
    (u) => Math.floor(u * images),
  );
  return { seeds, images, draws, seedShares, imageIndices };
}
