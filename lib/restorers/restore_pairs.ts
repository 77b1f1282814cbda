import { tf } from "../engine/mod.ts";
import { StoppedError } from "../core/mod.ts";
import type { PairSet } from "../dataset/mod.ts";
import { type Restorer, SCALE } from "./restorer.ts";

/** Which images of a set are restored, and how many at a time. */
export interface RestoreOptions {
  /** Indices into the set. */
  readonly images: readonly number[];
  /** Images in one call of the network. Default 16. */
  readonly batchSize?: number;
  /** Stops after the current batch. */
  readonly signal?: AbortSignal;
}

/**
 * Restore low-resolution images of a set of pairs.
 *
 * @returns Images clipped to [-1, 1], in the order of the indices. `[images, size, size, 3]`
 * @throws {StoppedError} If the signal was raised.
 */
export async function restorePairs(
  restorer: Restorer,
  pairs: PairSet,
  { images, batchSize = 16, signal }: RestoreOptions,
): Promise<Float32Array> {
  const values = pairs.size ** 2 * 3;
  const restored = new Float32Array(images.length * values);
  for (let first = 0; first < images.length; first += batchSize) {
    if (signal?.aborted) {
      throw new StoppedError(
        `Cannot finish restoring as it was asked to stop: current value is image ${first} of ${images.length}`,
      );
    }
    const batch = images.slice(first, first + batchSize);
    const output = tf.tidy(() => restorer(lowResolution(pairs, batch)).clipByValue(-1, 1));
    restored.set(await output.data<"float32">(), first * values);
    output.dispose();
  }
  return restored;
}

/**
 * Bring low-resolution images of a set of pairs into the engine.
 *
 * @param images Indices into the set.
 * @returns `[B, size / 4, size / 4, 3]`
 */
export function lowResolution(pairs: PairSet, images: readonly number[]): tf.Tensor4D {
  const side = pairs.size / SCALE;
  const values = side ** 2 * 3;
  const stacked = new Float32Array(images.length * values);
  images.forEach((image, row) => stacked.set(pairs.lr.subarray(image * values, (image + 1) * values), row * values));
  return tf.tensor4d(stacked, [images.length, side, side, 3]);
}
