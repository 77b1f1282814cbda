import { tf } from "../engine/mod.ts";

/** Aligned HR and LR crops in [-1, 1], in memory. */
export interface PairSet {
  /** Side of the HR crops, a multiple of 4. */
  readonly size: number;
  /** Side of HR over side of LR. */
  readonly scale: 4;
  /** Number of pairs. */
  readonly count: number;
  /** One name per pair, such as `kodak/01.png#2`. */
  readonly ids: readonly string[];
  /** Truth. `[count, size, size, 3]` */
  readonly hr: Float32Array;
  /** Low-resolution images. `[count, size/4, size/4, 3]` */
  readonly lr: Float32Array;
  /** What the networks see: `lr` enlarged by MATLAB's bicubic. `[count, size, size, 3]` */
  readonly condition: Float32Array;
}

/** Which mirror images of a pair to take. */
export interface Flip {
  /** Swap left and right. */
  readonly horizontal: boolean;
  /** Swap top and bottom. */
  readonly vertical: boolean;
}

/**
 * Gather pairs as tensors, mirrored where asked; truth and condition alike.
 *
 * @param set Pairs.
 * @param indices Which, in this order; an index may repeat.
 * @param options `flips`: one per index.
 * @returns Truth `x1` and condition `c`, which the caller disposes. `[B, size, size, 3]`
 * @throws {RangeError} If there is no index, one is outside the set, or the flips are not as many.
 */
export function batchOf(
  set: PairSet,
  indices: readonly number[],
  { flips }: { readonly flips?: readonly Flip[] } = {},
): { x1: tf.Tensor4D; c: tf.Tensor4D } {
  const outside = indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < set.count));
  if (indices.length === 0 || outside !== undefined) {
    throw new RangeError(
      `Cannot gather a batch as it needs indices in [0, ${set.count - 1}]: current value is ${outside ?? "none"}`,
    );
  }
  if (flips !== undefined && flips.length !== indices.length) {
    throw new RangeError(
      `Cannot gather ${indices.length} pairs as flips must be as many: current value is ${flips.length}`,
    );
  }
  const gather = (images: Float32Array) => {
    const length = set.size * set.size * 3;
    const batch = new Float32Array(indices.length * length);
    indices.forEach((index, b) => {
      const image = images.subarray(index * length, (index + 1) * length);
      copyFlipped(image, set.size, flips?.[b], batch.subarray(b * length, (b + 1) * length));
    });
    return tf.tensor4d(batch, [indices.length, set.size, set.size, 3]);
  };
  return { x1: gather(set.hr), c: gather(set.condition) };
}

function copyFlipped(image: Float32Array, size: number, flip: Flip | undefined, to: Float32Array): void {
  const row = size * 3;
  for (let y = 0; y < size; y++) {
    const line = image.subarray(y * row, (y + 1) * row);
    const at = (flip?.vertical ? size - 1 - y : y) * row;
    if (!flip?.horizontal) {
      to.set(line, at);
      continue;
    }
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < 3; c++) to[at + 3 * (size - 1 - x) + c] = line[3 * x + c];
    }
  }
}
