import { tf } from "../engine/mod.ts";
import { createRaster, type Raster } from "./raster.ts";

/**
 * Stack images as the tensor that networks read: [0, 1] becomes [-1, 1]. The one conversion at the border of the files.
 *
 * @param rasters At least one; all of the same size and channels.
 * @returns Images in [-1, 1]. `[B, H, W, C]`
 * @throws {RangeError} If there is none, or their sizes differ.
 */
export function rasterToTensor(rasters: readonly Raster[]): tf.Tensor4D {
  if (rasters.length === 0) throw new RangeError("Cannot stack images as at least one is needed: current value is 0");
  const { width, height, channels, data: { length } } = rasters[0];
  const stacked = new Float32Array(rasters.length * length);
  rasters.forEach((r, b) => {
    if (r.width !== width || r.height !== height || r.channels !== channels) {
      throw new RangeError(
        `Cannot stack images as all must be ${width} x ${height} x ${channels}: ` +
          `current value is ${r.width} x ${r.height} x ${r.channels}`,
      );
    }
    for (let i = 0; i < length; i++) stacked[b * length + i] = 2 * r.data[i] - 1;
  });
  return tf.tensor4d(stacked, [rasters.length, height, width, channels]);
}

/**
 * Read images back from a tensor: [-1, 1] becomes [0, 1], values outside are clamped. Waits for the engine.
 *
 * @param x Images, with 1 or 3 channels; kept. `[B, H, W, C]`
 * @returns One image per sample.
 * @throws {RangeError} If the channels are neither 1 nor 3.
 */
export function tensorToRasters(x: tf.Tensor4D): Raster[] {
  const [B, height, width, channels] = x.shape;
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(`Cannot read images as the channels must be 1 or 3: current value is ${channels}`);
  }
  const values = x.dataSync();
  const length = height * width * channels;
  return Array.from({ length: B }, (_, b) => {
    const data = Float32Array.from(
      values.subarray(b * length, (b + 1) * length),
      (value) => Math.min(Math.max((value + 1) / 2, 0), 1),
    );
    return createRaster({ width, height }, channels, data);
  });
}
