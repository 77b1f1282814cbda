import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { silu } from "./activations.ts";
import { conv2d } from "./conv2d.ts";
import { groupNorm } from "./group_norm.ts";

/** What residual blocks differ in. */
export interface ResnetOptions {
  /** Groups of both norms. */
  readonly groups: number;
  /** Added to the variance in both norms. */
  readonly epsilon: number;
  /** Added after the first convolution, such as an embedding of time. `[B, out]` */
  readonly shift?: tf.Tensor;
}

/**
 * Apply the residual block of diffusers' autoencoders and UNets: twice norm, SiLU and a 3 x 3 convolution, added to the
 * input, which a 1 x 1 convolution widens where there is one.
 *
 * @param params Hold `norm1`, `conv1`, `norm2`, `conv2` and maybe `conv_shortcut` under `<module>.`.
 * @param module Name of the block.
 * @param x Feature maps. `[B, H, W, in]`
 * @returns Feature maps. `[B, H, W, out]`
 */
export function resnetBlock(params: Params, module: string, x: tf.Tensor4D, options: ResnetOptions): tf.Tensor4D {
  return tf.tidy(() => {
    const widened = tf.tidy(() => {
      const first = normedConv(params, `${module}.norm1`, `${module}.conv1`, x, options);
      return options.shift === undefined ? first : first.add<tf.Tensor4D>(options.shift.expandDims(1).expandDims(1));
    });
    const second = normedConv(params, `${module}.norm2`, `${module}.conv2`, widened, options);
    const shortcut = `${module}.conv_shortcut`;
    return second.add<tf.Tensor4D>(`${shortcut}.weight` in params ? conv2d(params, shortcut, x) : x);
  });
}

/**
 * Normalise groups of channels, apply SiLU and convolve with a 3 x 3 kernel that keeps the size.
 *
 * @param params Hold both layers.
 * @param norm Name of the norm.
 * @param conv Name of the convolution.
 * @param x Feature maps. `[B, H, W, in]`
 * @returns Feature maps. `[B, H, W, out]`
 */
export function normedConv(
  params: Params,
  norm: string,
  conv: string,
  x: tf.Tensor4D,
  options: Pick<ResnetOptions, "groups" | "epsilon">,
): tf.Tensor4D {
  return tf.tidy(() => {
    const normed = tf.tidy(() => silu(groupNorm(x, params[`${norm}.weight`], params[`${norm}.bias`], options)));
    return conv2d(params, conv, normed as tf.Tensor4D, { padding: "same" });
  });
}
