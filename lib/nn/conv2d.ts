import { tf, toFloat32 } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";

/** Options of {@linkcode conv2d}. */
export interface Conv2dOptions {
  /** Pixels from one output to the next, 1 by default. */
  readonly stride?: number;
  /** Zeros at every side, 0 by default; `same` = as many as keep `ceil(side / stride)`, the odd one right and below. */
  readonly padding?: number | "same";
  /** Applied last. */
  readonly activation?: "relu";
}

/**
 * Convolve with a kernel of any size, as PyTorch's `Conv2d` (one group).
 *
 * For inference: tfjs on WebAssembly lacks the gradient of a kernel, see {@linkcode conv3x3} for training.
 *
 * @param params Hold `<module>.weight` `[out, in, kh, kw]`, as PyTorch lays it out, and maybe `<module>.bias` `[out]`.
 * @param module Name of the layer.
 * @param x Feature maps. `[B, H, W, in]`
 * @returns Feature maps. `[B, H', W', out]`
 * @throws {RangeError} If the weight is not there or does not fit the channels.
 */
export function conv2d(params: Params, module: string, x: tf.Tensor4D, options: Conv2dOptions = {}): tf.Tensor4D {
  const { stride = 1, padding = 0, activation } = options;
  const weight = params[`${module}.weight`], bias = params[`${module}.bias`];
  if (weight?.rank !== 4 || weight.shape[1] !== x.shape[3]) {
    throw new RangeError(
      `Cannot convolve ${module} as its weight must be [out, ${
        x.shape[3]
      }, kh, kw]: current value is [${weight?.shape}]`,
    );
  }
  return tf.tidy(() => {
    const filter = toFloat32(weight).transpose<tf.Tensor4D>([2, 3, 1, 0]);
    const zeros: [number, number] = padding === "same" ? [0, 0] : [padding, padding];
    return tf.fused.conv2d({
      x: zeros[0] === 0 ? x : tf.pad(x, [[0, 0], zeros, zeros, [0, 0]]),
      filter,
      strides: stride,
      pad: padding === "same" ? "same" : "valid",
      bias: bias as tf.Tensor1D | undefined,
      activation,
    });
  });
}
