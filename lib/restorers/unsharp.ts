import { tf } from "../engine/mod.ts";
import { type AxisMap, mapAxes } from "./separable.ts";

/** How an unsharp mask is made. */
export interface UnsharpOptions {
  /** Multiple of the difference from the blurred image that is added; 0 leaves the image alone. */
  readonly amount: number;
  /** Standard deviation of the Gaussian blur in pixels. Default 1. */
  readonly sigma?: number;
}

/**
 * Sharpen images by an unsharp mask, with the halos that come with it.
 *
 * @param x Images in [-1, 1]. `[B, H, W, C]`
 * @returns `x + amount (x - blurred)`, clipped to [-1, 1]. `[B, H, W, C]`
 * @throws {RangeError} If sigma is not positive.
 */
export function unsharpMask(x: tf.Tensor4D, { amount, sigma = 1 }: UnsharpOptions): tf.Tensor4D {
  return tf.tidy(() => tf.clipByValue(x.add<tf.Tensor4D>(x.sub(gaussianBlur(x, sigma)).mul(amount)), -1, 1));
}

/**
 * Blur images with a Gaussian, borders mirrored with the edge repeated.
 *
 * @param x `[B, H, W, C]`
 * @param sigma Standard deviation in pixels, positive; the kernel ends at 3 sigma.
 * @returns `[B, H, W, C]`
 * @throws {RangeError} If sigma is not positive.
 */
export function gaussianBlur(x: tf.Tensor4D, sigma: number): tf.Tensor4D {
  if (!(sigma > 0)) throw new RangeError(`Cannot blur images as sigma must be positive: current value is ${sigma}`);
  return mapAxes(x, gaussianAxis(x.shape[1], sigma), gaussianAxis(x.shape[2], sigma));
}

function gaussianAxis(size: number, sigma: number): AxisMap {
  const radius = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, k) => Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const matrix = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    kernel.forEach((weight, k) => matrix[i * size + mirror(i + k - radius, size)] += weight / total);
  }
  return { matrix, from: size, to: size };
}

function mirror(index: number, size: number): number {
  const period = 2 * size;
  const within = ((index % period) + period) % period;
  return within < size ? within : period - 1 - within;
}
