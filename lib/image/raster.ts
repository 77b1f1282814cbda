/** An image in memory: rows from the top, interleaved channels, sRGB values divided by 255. */
export interface Raster {
  /** Columns, at least 1. */
  readonly width: number;
  /** Rows, at least 1. */
  readonly height: number;
  /** 1 = gray, 3 = RGB. */
  readonly channels: 1 | 3;
  /** `[H, W, C]`, nominally in [0, 1]. */
  readonly data: Float32Array;
}

/** Columns and rows of an image. */
export interface RasterSize {
  /** Columns, at least 1. */
  readonly width: number;
  /** Rows, at least 1. */
  readonly height: number;
}

/**
 * Create an image, black unless values are given.
 *
 * @param size Columns and rows, at least 1 each.
 * @param channels 1 = gray, 3 = RGB.
 * @param data Values to hold, not copied. `[H, W, C]`
 * @returns The image.
 * @throws {RangeError} If a side is not a positive integer, or `data` has another length.
 */
export function createRaster({ width, height }: RasterSize, channels: 1 | 3 = 3, data?: Float32Array): Raster {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new RangeError(`Cannot create image as its sides must be positive integers: current value is ${side}`);
    }
  }
  const length = width * height * channels;
  if (data !== undefined && data.length !== length) {
    throw new RangeError(
      `Cannot create image as ${width} x ${height} x ${channels} needs ${length} values: current value is ${data.length}`,
    );
  }
  return { width, height, channels, data: data ?? new Float32Array(length) };
}

/**
 * Repeat the gray channel three times; an RGB image is returned as it is.
 *
 * @param r Image of either kind.
 * @returns Image with three channels.
 */
export function toRgb(r: Raster): Raster {
  if (r.channels === 3) return r;
  const data = new Float32Array(r.data.length * 3);
  for (let i = 0; i < r.data.length; i++) data.fill(r.data[i], 3 * i, 3 * i + 3);
  return createRaster(r, 3, data);
}
