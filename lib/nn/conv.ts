import { tf, toFloat32 } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";

/**
 * Convolve with a 3 x 3 kernel, stride 1, zeros around the image, as one matrix product of nine shifted copies.
 *
 * It trains on every engine: tfjs on WebAssembly lacks the gradient of a convolution's kernel.
 *
 * @param params Hold `<module>.weight` `[out, in, 3, 3]`, as PyTorch lays it out, and `<module>.bias` `[out]`.
 * @param module Name of the layer.
 * @param x Feature maps. `[B, H, W, in]`
 * @returns Feature maps. `[B, H, W, out]`
 * @throws {RangeError} If the weight is not there or not `[out, in, 3, 3]`.
 */
export function conv3x3(params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const weight = params[`${module}.weight`], bias = params[`${module}.bias`];
  if (weight?.shape.length !== 4 || weight.shape.slice(1).join() !== `${channels},3,3`) {
    throw new RangeError(
      `Cannot convolve ${module} as its weight must be [out, ${channels}, 3, 3]: current value is [${weight?.shape}]`,
    );
  }
  const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]);
  const shifted = Array.from({ length: 9 }, (_, tap) => {
    return tf.slice(padded, [0, Math.floor(tap / 3), tap % 3, 0], [batch, height, width, channels]);
  });
  const out = weight.shape[0];
  const kernel = toFloat32(weight).transpose([2, 3, 1, 0]).reshape<tf.Tensor2D>([9 * channels, out]);
  const y = tf.concat(shifted, 3).reshape<tf.Tensor2D>([-1, 9 * channels]).matMul(kernel);
  return (bias === undefined ? y : y.add(bias)).reshape([batch, height, width, out]);
}
