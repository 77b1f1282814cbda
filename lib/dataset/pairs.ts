import { setImmediate } from "node:timers/promises";
import type { Raster } from "../image/mod.ts";
import { drawPair, type PairOptions, type PairRecord, renderPair } from "./pair_record.ts";
import type { PairSet } from "./pair_set.ts";
import type { SourceImage } from "./source_image.ts";
import { splitImages } from "./split.ts";

/** Options of {@link buildPairs}. */
export interface BuildPairsOptions extends Omit<PairOptions, "context" | "gtUsm"> {
  /** All images of the set, before the split. */
  readonly images: readonly SourceImage[];
  /** Pairs to make, spread evenly over the images of the split. */
  readonly count: number;
  /** Side of the window that is degraded around a crop, in HR pixels; 256 by default. */
  readonly context?: number;
  /** Whether the truth is sharpened where the recipe sharpens (`hard`, `soft`); true by default, as in those data sets. */
  readonly gtUsm?: boolean;
  /** Share of the images that are kept for validation; 0.1 by default. */
  readonly validation?: number;
  /** Called after every pair. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two pairs. */
  readonly signal?: AbortSignal;
}

/** Pairs together with how they were made. */
export interface BuiltPairs extends PairSet {
  /** One per pair, plain JSON. */
  readonly records: readonly PairRecord[];
}

/**
 * Make the pairs of a split. Every pair has a window of its own with a degradation of its own, drawn by seed and content:
 * the same options give the same bits, and crop k of an image does not depend on the other images.
 *
 * The images are read one after the other, so that only one is in memory.
 *
 * @param options Images, split, degradation and seed.
 * @returns Pairs in [-1, 1], in an order that takes one crop of every image before the second of any.
 * @throws {DataError} If there are too few images, or one is smaller than the crop.
 * @throws {RangeError} If the size is not a positive multiple of 4, or the count not positive.
 */
export async function buildPairs(options: BuildPairsOptions): Promise<BuiltPairs> {
  const { count, size, context = 256, gtUsm = true, onProgress, signal } = options;
  if (!(Number.isInteger(size / 4) && size > 0)) {
    throw new RangeError(`Cannot make pairs as their side must be a positive multiple of 4: current value is ${size}`);
  }
  if (!(Number.isInteger(count) && count > 0)) {
    throw new RangeError(`Cannot make pairs as their count must be a positive integer: current value is ${count}`);
  }
  const images = splitImages(options.images, options.split, options.validation);
  if (images.length === 0) throw new RangeError("Cannot make pairs as an image is needed: current value is 0");
  const records = Array.from({ length: count }, (_, i) => {
    const number = Math.floor(i / images.length);
    return drawPair(images[i % images.length], number, { ...options, context, gtUsm });
  });
  const set = emptySet(records, size);
  let done = 0;
  for (const [first, image] of images.slice(0, count).entries()) {
    const raster = await image.read();
    for (let i = first; i < count; i += images.length) {
      await setImmediate(); // let signals and other work through
      signal?.throwIfAborted();
      const { hr, lr, condition } = await renderPair(raster, records[i]);
      store(hr, set.hr, i);
      store(lr, set.lr, i);
      store(condition, set.condition, i);
      onProgress?.(++done, count);
    }
  }
  return set;
}

function emptySet(records: readonly PairRecord[], size: number): BuiltPairs {
  const count = records.length;
  const numbers = new Map<string, number>();
  const ids = records.map(({ image }) => {
    const number = (numbers.get(image) ?? 0) + 1;
    numbers.set(image, number);
    return `${image}#${number}`;
  });
  const values = (side: number) => new Float32Array(count * side * side * 3);
  return { size, scale: 4, count, ids, hr: values(size), lr: values(size / 4), condition: values(size), records };
}

/** Put an image into its place, [0, 1] as [-1, 1]. */
function store(r: Raster, to: Float32Array, index: number): void {
  const start = index * r.data.length;
  for (let i = 0; i < r.data.length; i++) to[start + i] = 2 * r.data[i] - 1;
}
