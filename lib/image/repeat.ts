import { createRaster, type Raster } from "./raster.ts";

/**
 * Enlarge an image by a whole factor, every pixel repeated.
 *
 * @param r Image.
 * @param factor A whole number from 1.
 * @returns The image itself for 1.
 * @throws {RangeError} If the factor is no such number.
 */
export function repeatPixels(r: Raster, factor: number): Raster {
  if (!(Number.isInteger(factor) && factor >= 1)) {
    throw new RangeError(
      `Cannot repeat pixels as the factor must be a whole number from 1: current value is ${factor}`,
    );
  }
  if (factor === 1) return r;
  const { channels } = r, large = createRaster({ width: r.width * factor, height: r.height * factor }, channels);
  for (let y = 0, to = 0; y < large.height; y++) {
    for (let x = 0; x < large.width; x++, to += channels) {
      const from = (Math.floor(y / factor) * r.width + Math.floor(x / factor)) * channels;
      large.data.set(r.data.subarray(from, from + channels), to);
    }
  }
  return large;
}
