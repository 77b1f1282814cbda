import { rng } from "../core/mod.ts";

/** Where a training batch gets its random numbers: everything in it depends on these and on nothing else. */
export interface DrawKey {
  /** Of the run. */
  readonly seed: number;
  /** Separates the streams of different trainings of one seed. */
  readonly purpose: string;
  /** Optimizer step. */
  readonly step: number;
  /** Micro-batch inside the step. */
  readonly micro: number;
  /** Images in a micro-batch. */
  readonly batchSize: number;
}

/** The numbers inside their step of the items of a micro-batch: a larger micro-batch draws the same items. */
export function itemsOf({ micro, batchSize }: DrawKey): number[] {
  return Array.from({ length: batchSize }, (_, row) => micro * batchSize + row);
}

/**
 * Draw which training image each item shows, with replacement.
 *
 * @param images Images to choose from, as indices into a set of pairs; at least one.
 * @returns One index per item.
 * @throws {RangeError} If there is no image.
 */
export function drawImages(key: DrawKey, images: readonly number[]): number[] {
  if (images.length === 0) {
    throw new RangeError("Cannot draw training images as there must be at least one: current value is 0");
  }
  return itemsOf(key).map((item) => rng(key.seed, `${key.purpose}/image`, key.step, item).pick(images));
}

/** The indices 0 to `count` - 1. */
export function allImages(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/**
 * Choose a random subset of images, in ascending order.
 *
 * @param total Images to choose from, numbered from 0.
 * @param count Images to choose, at least 1; all of them if it exceeds `total`.
 * @returns Distinct indices.
 * @throws {RangeError} If `count` is below 1.
 */
export function chooseImages(seed: number, purpose: string, total: number, count: number): number[] {
  if (!(count >= 1)) {
    throw new RangeError(`Cannot choose images as their count must be at least 1: current value is ${count}`);
  }
  return rng(seed, `${purpose}/subset`).shuffle(allImages(total)).slice(0, count).sort((a, b) => a - b);
}
