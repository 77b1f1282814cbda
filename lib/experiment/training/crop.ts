import type { RenderedPair } from "../../dataset/mod.ts";
import type { Raster } from "../../image/mod.ts";

/** A crop to train on, rendered when it is needed. */
export interface Crop {
  /** Such as `photos/01.png#2`. */
  readonly id: string;
  /** Hash of everything that decides its pixels. */
  readonly key: string;
  /** Names of the restorers whose outputs belong to it; none where it is no crop for an adversary. */
  readonly restorers: readonly string[];
  /** Makes the pair and, in the order of `restorers`, their outputs at the same place. */
  render(): Promise<RenderedCrop>;
}

/** The images of a crop in [0, 1]. */
export interface RenderedCrop extends RenderedPair {
  /** One per restorer. `size x size` */
  readonly negatives: readonly Raster[];
}

/** Which crops. */
export interface CropOptions {
  /** How many, spread evenly over the images. */
  readonly count: number;
  /** Side in HR pixels, a multiple of 4. */
  readonly size: number;
  /** Decides where they lie and how they are degraded. */
  readonly seed: number;
  /** Keeps the draws of training and validation apart. */
  readonly split: "train" | "val";
}

/** Names the crops of several images: one of every image before the second of any. */
export function* cropNumbers<T extends { readonly id: string }>(
  images: readonly T[],
  count: number,
): Generator<{ image: T; number: number; id: string }> {
  for (let i = 0; i < count; i++) {
    const image = images[i % images.length], number = Math.floor(i / images.length);
    yield { image, number, id: `${image.id}#${number + 1}` };
  }
}
