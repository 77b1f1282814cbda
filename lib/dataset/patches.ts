import { DataError, rng } from "../core/mod.ts";
import type { Box, RasterSize } from "../image/mod.ts";
import { leastSide } from "./degradation/presets.ts";
import { drawRecipe } from "./degradation/draw.ts";
import { drawPair, type ImageFacts, imageKey, type PairOptions, type PairRecord, truthOf } from "./pair_record.ts";

/** What becomes of an image that is smaller than a patch: its largest centred part, nothing, or an error. */
export type SmallImages = "largest" | "skip" | "refuse";

/** Which part of an image is degraded. */
export interface PatchOptions extends Pick<PairOptions, "seed" | "preset" | "gtUsm"> {
  /** Side of the patch in HR pixels, a multiple of 4; null takes the whole image, cut to multiples of 4. */
  readonly size: number | null;
  /** Where patches lie; centred ones are the protocol of the real test sets. */
  readonly crop: "random" | "centre";
  /** Policy for images smaller than a patch. */
  readonly small: SmallImages;
}

/**
 * Plan the degradation of one patch of an image, by seed and content. The patch alone is degraded, without its
 * surroundings, as the scripts of SeeSR and DreamClear do.
 *
 * @param image What is known of it.
 * @param number Counts the patches of the image, from 0.
 * @param options Which part, and how.
 * @returns A record for `renderTruth`, or null where the policy skips the image.
 * @throws {DataError} If the image is too small and the policy refuses it, or for the preset: its recipes may shrink a side
 *   under 16 to nothing.
 */
export function planPatch(image: ImageFacts, number: number, options: PatchOptions): PairRecord | null {
  const { size, seed, preset, gtUsm, crop, small } = options;
  const fits = size === null || Math.min(image.width, image.height) >= size;
  if (!fits && small === "skip") return null;
  if (!fits && small === "refuse") {
    throw new DataError(
      `Cannot crop ${image.id} as it must be at least ${size} x ${size}: current value is ${image.width} x ${image.height}`,
    );
  }
  const shortest = Math.min(size ?? Infinity, image.width, image.height), least = leastSide(preset);
  if (shortest < least) {
    throw new DataError(
      `Cannot degrade ${image.id} by ${preset} as its sides must be at least ${least}: current value is ${shortest}`,
    );
  }
  if (size !== null && fits && crop === "random") {
    return drawPair(image, number, { size, seed, split: "test", preset, context: size, gtUsm });
  }
  const box = centredBox(image, size ?? Infinity);
  const recipe = drawRecipe(rng(seed, "recipe/test", number, imageKey(image)), preset);
  return { image: image.id, hash: image.hash, window: box, crop: box, recipe, truth: truthOf(recipe, gtUsm) };
}

/**
 * Find the largest box in the middle of an image whose sides are multiples of 4 and at most `size`.
 *
 * @param image Sides.
 * @param size Largest side; Infinity takes all.
 * @returns The box; its position is a multiple of 4 as well.
 * @throws {DataError} If a side is under 4.
 */
export function centredBox({ width, height }: RasterSize, size: number): Box {
  if (Math.min(width, height) < 4) {
    throw new DataError(`Cannot crop image as its sides must be at least 4: current value is ${width} x ${height}`);
  }
  const span = (side: number) => {
    const extent = Math.min(size, side - side % 4);
    return { from: 4 * Math.floor((side - extent) / 8), extent };
  };
  const across = span(width), down = span(height);
  return { left: across.from, top: down.from, width: across.extent, height: down.extent };
}

/**
 * Find the centred crops of an aligned pair: the offset is counted on the low-resolution image, floor((side - crop) / 2),
 * and the truth is cut at four times it, so that the pair stays aligned.
 *
 * @param lr Sides of the low-resolution image.
 * @param size Side of its crop, such as 256; a smaller image gives its largest centred part.
 * @returns Boxes in both images.
 */
export function centredPair(lr: RasterSize, size: number): { readonly lr: Box; readonly hr: Box } {
  const width = Math.min(size, lr.width), height = Math.min(size, lr.height);
  const box = { left: (lr.width - width) >> 1, top: (lr.height - height) >> 1, width, height };
  return { lr: box, hr: { left: 4 * box.left, top: 4 * box.top, width: 4 * width, height: 4 * height } };
}
