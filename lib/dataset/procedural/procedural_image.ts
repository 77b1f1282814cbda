import { rng } from "../../core/mod.ts";
import { quantise8, type Raster, type RasterSize } from "../../image/mod.ts";
import { drawLeaves, drawPalette } from "./leaves.ts";
import { renderScene } from "./render.ts";
import { drawStrokes } from "./strokes.ts";

/** Sides of a procedural image unless others are asked for: enough for a crop and its surroundings. */
export const PROCEDURAL_SIZE: RasterSize = { width: 320, height: 320 };

/**
 * Make a picture with the statistics of photographs, out of nothing: dead leaves with gratings and shading, and in 45%
 * of them words of letter-like strokes.
 *
 * The power spectrum averaged over directions falls about as f^-2.4, as that of photographs. The same seed and index
 * give the same picture on every machine.
 *
 * @param seed Of the set.
 * @param index Of the picture in the set.
 * @param size Sides, in pixels.
 * @returns RGB image with 8-bit values in [0, 1].
 */
export function proceduralImage(seed: number, index: number, size: RasterSize = PROCEDURAL_SIZE): Raster {
  const random = rng(seed, "procedural image", 0, index);
  const palette = drawPalette(random);
  const strokes = random.bool(0.45) ? drawStrokes(random, size, palette) : [];
  return quantise8(renderScene([...strokes, ...drawLeaves(random, size, palette)], random.pick(palette), size));
}
