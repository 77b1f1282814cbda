import { mirror } from "./mirror.ts";
import { createRaster, type Raster, type RasterSize } from "./raster.ts";

/** A rectangle of pixels. */
export interface Box extends RasterSize {
  /** First column, from 0. */
  readonly left: number;
  /** First row, from 0. */
  readonly top: number;
}

/**
 * Cut a rectangle out of an image.
 *
 * @param r Image.
 * @param box Rectangle inside it.
 * @returns A copy of the rectangle.
 * @throws {RangeError} If the rectangle is not of whole pixels inside the image.
 */
export function crop(r: Raster, box: Box): Raster {
  const { left, top, width, height } = box;
  const inside = [left, top].every((from) => Number.isInteger(from) && from >= 0) &&
    left + width <= r.width && top + height <= r.height;
  if (!inside) {
    throw new RangeError(
      `Cannot crop image as the box must lie inside ${r.width} x ${r.height}: ` +
        `current value is ${width} x ${height} at (${left}, ${top})`,
    );
  }
  const cut = createRaster(box, r.channels);
  const row = width * r.channels;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * r.width + left) * r.channels;
    cut.data.set(r.data.subarray(from, from + row), y * row);
  }
  return cut;
}

/**
 * Cut the right and lower border off, so that both sides are multiples of `divisor` ("mod crop").
 *
 * @param r Image.
 * @param divisor Such as the scale 4.
 * @returns The image itself where nothing is to be cut.
 * @throws {RangeError} If a side is smaller than `divisor`.
 */
export function cropToMultiple(r: Raster, divisor: number): Raster {
  const width = r.width - r.width % divisor, height = r.height - r.height % divisor;
  return width === r.width && height === r.height ? r : crop(r, { left: 0, top: 0, width, height });
}

/**
 * Extend an image to the right and below by its mirror image, the edge repeated, as often as needed.
 *
 * @param r Image.
 * @param size Sides of the result, at least those of the image.
 * @returns The image itself where nothing is to be added.
 * @throws {RangeError} If a side is smaller than the image's.
 */
export function extendMirrored(r: Raster, { width, height }: RasterSize): Raster {
  if (width < r.width || height < r.height) {
    throw new RangeError(
      `Cannot extend image as the sides must be at least ${r.width} x ${r.height}: current value is ${width} x ${height}`,
    );
  }
  if (width === r.width && height === r.height) return r;
  const extended = createRaster({ width, height }, r.channels), { channels } = r;
  for (let y = 0, to = 0; y < height; y++) {
    const row = mirror(y, r.height) * r.width;
    for (let x = 0; x < width; x++, to += channels) {
      const from = (row + mirror(x, r.width)) * channels;
      for (let c = 0; c < channels; c++) extended.data[to + c] = r.data[from + c];
    }
  }
  return extended;
}

/**
 * Mirror an image.
 *
 * @param r Image.
 * @param direction `horizontal` swaps left and right, `vertical` top and bottom.
 * @returns The mirrored copy.
 */
export function flip(r: Raster, direction: "horizontal" | "vertical"): Raster {
  const { width, height, channels } = r;
  const mirrored = createRaster(r, channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = direction === "horizontal" ? y * width + width - 1 - x : (height - 1 - y) * width + x;
      const to = y * width + x;
      for (let c = 0; c < channels; c++) mirrored.data[to * channels + c] = r.data[from * channels + c];
    }
  }
  return mirrored;
}
