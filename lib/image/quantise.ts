import { createRaster, type Raster } from "./raster.ts";

/** The 256 values of a file with 8 bits. */
export const LEVELS: Float32Array = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * Round values to bytes: clamp to [0, 1], times 255, ties to even (as `torch.round` and OpenCV do).
 *
 * @param r Image in [0, 1]; NaN becomes 0.
 * @returns Bytes in the order of `r.data`. `[H, W, C]`
 */
export function toBytes(r: Pick<Raster, "data">): Uint8ClampedArray<ArrayBuffer> {
  // The conversion of a Uint8ClampedArray is exactly this rounding (ECMAScript's ToUint8Clamp).
  const bytes = new Uint8ClampedArray(r.data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = r.data[i] * 255;
  return bytes;
}

/**
 * Read bytes as values in [0, 1].
 *
 * @param bytes Interleaved bytes. `[H, W, C]`
 * @param size Columns and rows.
 * @param channels 1 = gray, 3 = RGB.
 * @returns The image.
 * @throws {RangeError} If the sizes disagree.
 */
export function fromBytes(
  bytes: ArrayLike<number>,
  size: { readonly width: number; readonly height: number },
  channels: 1 | 3 = 3,
): Raster {
  const data = new Float32Array(bytes.length);
  for (let i = 0; i < data.length; i++) data[i] = LEVELS[bytes[i]];
  return createRaster(size, channels, data);
}

/**
 * Round an image to the 256 levels of a file with 8 bits, ties to even.
 *
 * @param r Image in [0, 1].
 * @returns Image whose values are multiples of 1/255 in [0, 1]; `r` itself where they are already, as in a file read.
 */
export function quantise8(r: Raster): Raster {
  return isQuantised(r) ? r : fromBytes(toBytes(r), r, r.channels);
}

function isQuantised({ data }: Raster): boolean {
  for (let i = 0; i < data.length; i++) {
    if (LEVELS[(data[i] * 255 + 0.5) & 255] !== data[i]) return false;
  }
  return true;
}
