import { tf } from "../engine/mod.ts";
import { rng } from "../core/mod.ts";
import type { HostImage } from "./tile_map.ts";

/**
 * Draw white Gaussian noise, one keyed image per item.
 *
 * An image depends on (seed, purpose, step, item) alone, so every arm can be sampled from the same noise and a stored
 * sample's noise can be drawn again.
 *
 * @param purpose Separates this stream from every other one of the seed.
 * @param step Training step, or the number of the draw.
 * @param items Numbers of the items inside the step.
 * @param shape Height, width and channels of one image.
 * @returns Standard normal values. `[items, H, W, C]`
 */
export function drawNoise(
  seed: number,
  purpose: string,
  step: number,
  items: readonly number[],
  shape: readonly [number, number, number],
): tf.Tensor4D {
  const values = shape[0] * shape[1] * shape[2];
  const noise = new Float32Array(items.length * values);
  items.forEach((item, row) => noise.set(rng(seed, purpose, step, item).normals(values), row * values));
  return tf.tensor4d(noise, [items.length, ...shape]);
}

/**
 * Draw white Gaussian noise by place: a value depends on (seed, purpose, row, column, channel) alone, not on the size of
 * the image or on how it is cut into tiles.
 *
 * @param purpose Separates this stream from every other one of the seed.
 * @param size Rows, columns and values of a place.
 * @returns Standard normal values in host memory. `[H, W, C]`
 */
export function noiseField(
  seed: number,
  purpose: string,
  { height, width, channels }: Omit<HostImage, "data">,
): HostImage {
  const line = width * channels, data = new Float32Array(height * line);
  for (let row = 0; row < height; row++) data.set(rng(seed, purpose, row).normals(line), row * line);
  return { height, width, channels, data };
}
