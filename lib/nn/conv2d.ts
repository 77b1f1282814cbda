import { delayed, tf, toFloat32 } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { withGradient } from "./gradient.ts";

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
 * Its weights are frozen: the gradient reaches `x` alone, as tfjs on WebAssembly lacks the gradient of a kernel. See
 * {@linkcode conv3x3} for kernels that are trained.
 *
 * @param params Hold `<module>.weight` `[out, in, kh, kw]`, as PyTorch lays it out, and maybe `<module>.bias` `[out]`.
 * @param module Name of the layer.
 * @param x Feature maps. `[B, H, W, in]`
 * @returns Feature maps. `[B, H', W', out]`
 * @throws {RangeError} If the weight is not there or does not fit the channels.
 */
export function conv2d(params: Params, module: string, x: tf.Tensor4D, options: Conv2dOptions = {}): tf.Tensor4D {
  const { stride = 1, padding = 0, activation } = options;
  const kernel = kernelOf(params, module, x.shape[3]), bias = params[`${module}.bias`] as tf.Tensor1D | undefined;
  return tf.tidy(() => {
    const zeros: [number, number] = padding === "same" ? [0, 0] : [padding, padding];
    const padded = zeros[0] === 0 ? x : tf.pad(x, [[0, 0], zeros, zeros, [0, 0]]);
    const pad = padding === "same" ? "same" : "valid";
    return withGradient([padded], (x) => {
      const value = tf.fused.conv2d({ x, filter: filterOf(kernel, x), strides: stride, pad, bias, activation });
      // The kernel as it was given, and not its transpose, which would keep a copy of every layer of a network.
      return { value, saved: activation === "relu" ? [kernel, value] : [kernel] };
    }, (dy, [kernel, value]) => {
      const upstream = (value === undefined ? dy : dy.mul(value.step())) as tf.Tensor4D;
      return [tf.conv2dTranspose(upstream, filterOf(kernel, upstream), padded.shape, stride, pad)];
    }) as tf.Tensor4D;
  });
}

/** The one place where a convolution reads its weight. `[out, in, kh, kw]` */
function kernelOf(params: Params, module: string, channels: number): tf.Tensor4D {
  const weight = params[`${module}.weight`];
  if (weight?.shape.length !== 4 || weight.shape[1] !== channels) {
    throw new RangeError(
      `Cannot convolve ${module} as its weight must be [out, ${channels}, kh, kw]: current value is [${weight?.shape}]`,
    );
  }
  return weight as tf.Tensor4D;
}

/**
 * From PyTorch's layout to that of tfjs. A traced step would make those of all layers at once, and first of all, if each
 * did not wait for the maps that it is needed for. `[kh, kw, in, out]`
 */
function filterOf(kernel: tf.Tensor, maps: tf.Tensor): tf.Tensor4D {
  const [needed] = delayed([kernel], maps);
  return toFloat32(needed).transpose<tf.Tensor4D>([2, 3, 1, 0]);
}
