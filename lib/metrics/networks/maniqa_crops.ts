import { crop, interpolate, type Raster } from "../../image/mod.ts";

/** Positions of the grid along a side, and how many of its crops are kept, row by row. */
const POSITIONS = 5, KEPT = 20;

/**
 * Cut the crops that MANIQA rates: the first 20 of a grid of 5 x 5, so the lowest fifth of the grid is never seen; an
 * image whose shorter side is at most the crop's is first enlarged bilinearly.
 *
 * The authors' code takes 20 random crops, whose score changes from run to run; this fixed grid is pyiqa's of 2024.
 *
 * @param image RGB in [0, 1].
 * @param side Of the square crops.
 * @returns 20 crops.
 */
export function maniqaCrops(image: Raster, side: number): Raster[] {
  const shorter = Math.min(image.width, image.height);
  const large = shorter <= side ? interpolate(image, "bilinear", (side + 1) / shorter) : image;
  const step = (length: number) => Math.floor((length - side) / (POSITIONS - 1));
  return Array.from({ length: KEPT }, (_, i) =>
    crop(large, {
      left: i % POSITIONS * step(large.width),
      top: Math.floor(i / POSITIONS) * step(large.height),
      width: side,
      height: side,
    }));
}
