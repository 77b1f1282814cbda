import { tf } from "../engine/mod.ts";

/**
 * Embed scalars as cosines and sines of geometrically spaced frequencies (Vaswani et al. 2017), as diffusers does.
 *
 * Cosines come first. Frequency `k` is `10000^(-k / (width / 2))`. The argument is rounded to float32, so at 3500 rad the
 * values carry an error of up to 2.4e-4, here as in PyTorch.
 *
 * @param t Values, for FLUX 1000 times sigma. `[B]`
 * @param width Number of values per scalar, even; FLUX uses 256.
 * @returns Embedding. `[B, width]`
 * @throws {RangeError} If `width` is not a positive even integer.
 */
export function sinusoid(t: tf.Tensor1D, width: number): tf.Tensor2D {
  if (!Number.isInteger(width) || width <= 0 || width % 2 !== 0) {
    throw new RangeError(`Cannot embed scalars as width must be a positive even integer: current value is ${width}`);
  }
  const half = width / 2;
  const frequencies = Float32Array.from({ length: half }, (_, k) => Math.exp(-Math.log(10000) * k / half));
  const angles = t.reshape([-1, 1]).mul(tf.tensor2d(frequencies, [1, half]));
  return tf.concat([angles.cos(), angles.sin()], 1) as tf.Tensor2D;
}
