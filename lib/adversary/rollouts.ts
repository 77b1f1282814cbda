import { rng, tensorScope } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { batchOf, type PairSet } from "../dataset/mod.ts";
import { drawNoise, traceSampler } from "../flow/mod.ts";
import type { StoredNegatives } from "./negatives.ts";

/** Stream of the noise that rollouts start from. */
const PURPOSE = "rollout/noise";

/** Samples of the frozen reference, with what it takes to draw their noise again. */
export interface RolloutBank {
  /** Sampled images, as ascending indices into the set of pairs. */
  readonly images: readonly number[];
  /** Samples of each image. */
  readonly draws: number;
  /** Euler steps of a sample. */
  readonly steps: number;
  /** Seed of the noise. */
  readonly seed: number;
  /** Side of an image in pixels. */
  readonly size: number;
  /** The samples as the sampler left them, not clipped, draw by draw. `[draws, images, size, size, 3]` */
  readonly pixels: Float32Array;
}

/** How a bank of rollouts is made. */
export interface RolloutOptions {
  /** The frozen reference. */
  readonly field: VelocityField;
  /** Training images. */
  readonly pairs: PairSet;
  /** Which of them to sample, as indices. */
  readonly images: readonly number[];
  /** Samples of each image. Default 4. */
  readonly draws?: number;
  /** Euler steps. Default 16: enough for about natural high-frequency power at small scale. */
  readonly steps?: number;
  /** Seed of the noise. */
  readonly seed: number;
  /** Images in one call of the network. Default 16. */
  readonly batchSize?: number;
  /** Stops after the current step. */
  readonly signal?: AbortSignal;
  /** Called after every solver step with the steps done and the steps in all. */
  readonly onStep?: (done: number, total: number) => void;
}

/**
 * Sample the reference several times for each of some training images.
 *
 * @throws {RangeError} If there is no image, or steps or batch size are not positive integers.
 * @throws {StoppedError} If the signal was raised.
 */
export async function buildRolloutBank(options: RolloutOptions): Promise<RolloutBank> {
  const { field, pairs, draws = 4, steps = 16, seed, batchSize, signal, onStep } = options;
  const images = [...options.images].sort((a, b) => a - b);
  if (images.length === 0) throw new RangeError("Cannot sample rollouts as there must be an image: current value is 0");
  const pixels = new Float32Array(draws * images.length * pixelsOf(pairs.size));
  using sampler = traceSampler(field);
  for (let draw = 0; draw < draws; draw++) {
    using scope = tensorScope();
    const { c } = scope.own(batchOf(pairs, images));
    const x0 = scope.own(drawNoise(seed, PURPOSE, draw, images, [pairs.size, pairs.size, 3]));
    const onDrawStep = (done: number, total: number) => onStep?.(draw * total + done, draws * total);
    const samples = scope.own(await sampler.sample({ x0, c, steps, batchSize, signal, onStep: onDrawStep }));
    pixels.set(await samples.data<"float32">(), draw * samples.size);
  }
  return { images, draws, steps, seed, size: pairs.size, pixels };
}

/**
 * Take rollouts as negatives (not in the paper: self-play as in Yuan et al. 2024, on tracked noise).
 *
 * @param noise `own`: winner and negative both start from the noise that the negative was sampled from, so that the
 *   negative's path is one that the reference really follows. `fresh`: both start from a new noise.
 */
export function rolloutNegatives(bank: RolloutBank, noise: "own" | "fresh"): StoredNegatives {
  const values = pixelsOf(bank.size);
  const rows = new Map(bank.images.map((image, row) => [image, row]));
  return {
    kind: "stored",
    images: bank.images,
    draw(image, random) {
      const row = rows.get(image);
      if (row === undefined) {
        throw new RangeError(`Cannot draw a rollout as the image must have one: current value is image ${image}`);
      }
      const draw = random.int(bank.draws);
      const start = (draw * bank.images.length + row) * values;
      const x0 = noise === "own" ? rolloutNoise(bank, image, draw) : null;
      return { x1: bank.pixels.subarray(start, start + values), x0 };
    },
  };
}

/**
 * Mix every rollout of a bank with the posterior mean of its image.
 *
 * @param means One image each, in the order of the bank's. `[images, size, size, 3]`
 * @param weight Weight of the rollout, in [0, 1]; the rest is the mean's.
 * @returns A bank on the same noise.
 * @throws {RangeError} If there are not as many means as images.
 */
export function mixBank(bank: RolloutBank, means: Float32Array, weight: number): RolloutBank {
  const expected = bank.images.length * pixelsOf(bank.size);
  if (means.length !== expected) {
    throw new RangeError(`Cannot mix rollouts as means must have ${expected} values: current value is ${means.length}`);
  }
  const pixels = bank.pixels.map((value, i) => weight * value + (1 - weight) * means[i % expected]);
  return { ...bank, pixels };
}

/**
 * Draw again the noise that a rollout started from.
 *
 * @param image Index into the set of pairs.
 * @param draw Which sample of the image, from 0.
 * @returns `[H, W, 3]`, bit for bit.
 */
export function rolloutNoise(
  { seed, size }: Pick<RolloutBank, "seed" | "size">,
  image: number,
  draw: number,
): Float32Array {
  return rng(seed, PURPOSE, draw, image).normals(pixelsOf(size));
}

function pixelsOf(size: number): number {
  return size * size * 3;
}
