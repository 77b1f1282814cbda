import { tf } from "../engine/mod.ts";

/**
 * Aligned truths and conditions in memory, in the space that a network works in: pixels in [-1, 1], or latents of an
 * autoencoder.
 */
export interface TrainingPairs {
  /** Side of a truth in cells: pixels, or cells of latents. */
  readonly size: number;
  /** Values of a cell; 3 by default, as pixels have. */
  readonly channels?: number;
  /** Side of a condition in cells; `size` by default. */
  readonly conditionSize?: number;
  /** Number of pairs. */
  readonly count: number;
  /** One name per pair, such as `kodak/01.png#2`. */
  readonly ids: readonly string[];
  /** Truth. `[count, size, size, channels]` */
  readonly hr: Float32Array;
  /** What the networks see. `[count, conditionSize, conditionSize, channels]` */
  readonly condition: Float32Array;
}

/** Aligned HR and LR crops in [-1, 1]; the condition is `lr` enlarged by MATLAB's bicubic. */
export interface PairSet extends TrainingPairs {
  /** Side of HR over side of LR. */
  readonly scale: 4;
  /** Low-resolution images. `[count, size/4, size/4, 3]` */
  readonly lr: Float32Array;
}

/** Which mirror images of a pair to take. */
export interface Flip {
  /** Swap left and right. */
  readonly horizontal: boolean;
  /** Swap top and bottom. */
  readonly vertical: boolean;
}

/** Tell the shape of one truth: height, width and channels. */
export function truthShape({ size, channels = 3 }: Pick<TrainingPairs, "size" | "channels">): [number, number, number] {
  return [size, size, channels];
}

/**
 * Gather pairs as tensors, mirrored where asked; truth and condition alike.
 *
 * @param set Pairs.
 * @param indices Which, in this order; an index may repeat.
 * @param options `flips`: one per index.
 * @returns Truth `x1` and condition `c`, which the caller disposes. `[B, size, size, C]`
 * @throws {RangeError} If there is no index, one is outside the set, or the flips are not as many.
 */
export function batchOf(
  set: TrainingPairs,
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
  const channels = set.channels ?? 3;
  const gather = (images: Float32Array, size: number) => {
    const length = size * size * channels;
    const batch = new Float32Array(indices.length * length);
    indices.forEach((index, b) => {
      const image = images.subarray(index * length, (index + 1) * length);
      copyFlipped(image, size, channels, flips?.[b], batch.subarray(b * length, (b + 1) * length));
    });
    return tf.tensor4d(batch, [indices.length, size, size, channels]);
  };
  return { x1: gather(set.hr, set.size), c: gather(set.condition, set.conditionSize ?? set.size) };
}

function copyFlipped(
  image: Float32Array,
  size: number,
  channels: number,
  flip: Flip | undefined,
  to: Float32Array,
): void {
  const row = size * channels;
  for (let y = 0; y < size; y++) {
    const line = image.subarray(y * row, (y + 1) * row);
    const at = (flip?.vertical ? size - 1 - y : y) * row;
    if (!flip?.horizontal) {
      to.set(line, at);
      continue;
    }
    for (let x = 0; x < size; x++) {
      const cell = at + channels * (size - 1 - x);
      for (let c = 0; c < channels; c++) to[cell + c] = line[channels * x + c];
    }
  }
}
