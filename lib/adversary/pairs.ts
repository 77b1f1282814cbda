import { tf } from "../engine/mod.ts";
import { rng } from "../core/mod.ts";
import { batchOf, type TrainingPairs, truthShape } from "../dataset/mod.ts";
import { drawImages, type DrawKey, drawTimes, type FlowBatch, itemsOf, type TimeLaw } from "../flow/mod.ts";
import type { StoredNegatives } from "./negatives.ts";

/** A flow batch in which each image has its negative. */
export type PairedBatch = FlowBatch & {
  /** Negatives in [-1, 1], or their latents. `[B, H, W, C]` */
  readonly loser: tf.Tensor4D;
};

/**
 * Draw a batch of training images with a stored negative each, keyed by step and item.
 *
 * Images are not flipped: an artifact belongs to its image as it is. Where a negative brings its own noise, the batch
 * uses it.
 */
export function drawPairedBatch(
  pairs: TrainingPairs,
  source: StoredNegatives,
  key: DrawKey,
  times: TimeLaw,
): PairedBatch {
  const { seed, purpose, step } = key;
  const items = itemsOf(key), images = drawImages(key, source.images);
  const shape = truthShape(pairs), values = shape.reduce((size, length) => size * length);
  const stack = (rows: readonly Float32Array[]): tf.Tensor4D => {
    const stacked = new Float32Array(rows.length * values);
    rows.forEach((row, at) => stacked.set(row, at * values));
    return tf.tensor4d(stacked, [rows.length, ...shape]);
  };
  const negatives = items.map((item, row) => source.draw(images[row], rng(seed, `${purpose}/negative`, step, item)));
  const noises = negatives.map(({ x0 }, row) => x0 ?? rng(seed, `${purpose}/noise`, step, items[row]).normals(values));
  return {
    ...batchOf(pairs, images),
    t: tf.tensor1d(drawTimes(seed, `${purpose}/time`, step, items, times)),
    x0: stack(noises),
    loser: stack(negatives.map(({ x1 }) => x1)),
  };
}
