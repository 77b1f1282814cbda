import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { conv2d } from "../../nn/mod.ts";

/**
 * Convolve and keep the size of the image: {@linkcode conv2d} with as many zeros around it as that takes.
 *
 * @param params Hold `<module>.weight` `[out, in, side, side]` and `<module>.bias` `[out]`.
 * @param module Name of the layer.
 * @param x Feature maps. `[B, H, W, in]`
 * @returns Feature maps. `[B, H, W, out]`
 */
export function convolve(params: Params, module: string, x: tf.Tensor4D): tf.Tensor4D {
  return conv2d(params, module, x, { padding: "same" });
}

/**
 * Keep positive values and multiply negative ones by a learnt slope of their channel (He et al. 2015).
 *
 * @param x `[B, H, W, C]`
 * @param slope Of any size. `[C]`
 * @returns `[B, H, W, C]`
 */
export function prelu(x: tf.Tensor4D, slope: tf.Tensor): tf.Tensor4D {
  return tf.where(x.greater(0), x, x.mul<tf.Tensor4D>(slope));
}

/** Module names of one spatial attention, where the two networks differ. */
export interface AttentionModules {
  /** Name of the whole. */
  readonly module: string;
  /** Convolutions at the small size, in order; between two of them negative values are cut off. */
  readonly inner: readonly string[];
}

/**
 * Weight features by enhanced spatial attention (Liu et al. 2020): a mask computed at about a sixth of the size.
 *
 * @param params Of the network.
 * @param modules Names of its layers.
 * @param x `[B, H, W, C]`, with sides of at least 15.
 * @returns `[B, H, W, C]`
 */
export function spatialAttention(params: Params, { module, inner }: AttentionModules, x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  const narrow = convolve(params, `${module}.conv1`, x);
  let small = conv2d(params, `${module}.conv2`, narrow, { stride: 2 });
  small = tf.maxPool(small, 7, 3, "valid");
  inner.forEach((name, i) => {
    small = convolve(params, `${module}.${name}`, i === 0 ? small : small.relu<tf.Tensor4D>());
  });
  const mask = tf.image.resizeBilinear(small, [height, width], false, true);
  const skip = convolve(params, `${module}.conv_f`, narrow);
  return x.mul(convolve(params, `${module}.conv4`, mask.add(skip)).sigmoid());
}

/** Shapes of a convolution's parameters, for checking a file. */
export function convolutionShapes(
  module: string,
  from: number,
  to: number,
  side: number,
): [name: string, shape: readonly number[]][] {
  return [[`${module}.weight`, [to, from, side, side]], [`${module}.bias`, [to]]];
}
