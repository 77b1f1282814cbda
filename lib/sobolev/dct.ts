import { axes } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { constant, transposedConstant } from "./constants.ts";
import { dctMatrix } from "./dct_matrix.ts";

/**
 * Transform images by the orthonormal DCT-II over rows and columns, the paper's F (Appendix C.1).
 *
 * @param x Images or fields. `[B, H, W, C]`
 * @returns Coefficients, the constant at [0, 0]. `[B, H, W, C]`
 */
export function dct2(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => exchangeOrder(spectrum(x)));
}

/**
 * Transform coefficients back by the orthonormal DCT-III, the inverse of `dct2`.
 *
 * @param coefficients As `dct2` returns them. `[B, H, W, C]`
 * @returns Images or fields. `[B, H, W, C]`
 */
export function idct2(coefficients: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => inverseSpectrum(exchangeOrder(coefficients)));
}

/**
 * Transform images and leave the coefficients as the products do: channels before frequencies, columns before rows.
 * Two transpositions less than `dct2` where the order does not matter.
 *
 * @param x Images or fields. `[B, H, W, C]`
 * @returns Coefficients. `[B, C, W, H]`
 */
export function spectrum(x: tf.Tensor4D): tf.Tensor4D {
  const { H, W } = axes([x, "B H W C"]);
  const alongW = lastAxis(x.transpose([0, 3, 1, 2]), transposedConstant(dctMatrix(W), W, W)); // [B, C, H, W]
  return lastAxis(alongW.transpose([0, 1, 3, 2]), transposedConstant(dctMatrix(H), H, H));
}

/**
 * Undo `spectrum`.
 *
 * @param coefficients `[B, C, W, H]`
 * @returns Images or fields. `[B, H, W, C]`
 */
export function inverseSpectrum(coefficients: tf.Tensor4D): tf.Tensor4D {
  const { H, W } = axes([coefficients, "B C W H"]);
  const alongH = lastAxis(coefficients, constant(dctMatrix(H), H, H)); // [B, C, W, H]
  return lastAxis(alongH.transpose([0, 1, 3, 2]), constant(dctMatrix(W), W, W)).transpose([0, 2, 3, 1]);
}

/** From `[B, C, W, H]` to `[B, H, W, C]`, or back. */
function exchangeOrder(x: tf.Tensor4D): tf.Tensor4D {
  return x.transpose([0, 3, 2, 1]);
}

/** Multiply the last axis by a matrix, in two dimensions: the gradient of a broadcast product has a wrong shape in tfjs. */
function lastAxis(x: tf.Tensor4D, matrix: tf.Tensor2D): tf.Tensor4D {
  const rows: tf.Tensor2D = x.reshape([-1, x.shape[3]]);
  return tf.matMul(rows, matrix).reshape(x.shape);
}
