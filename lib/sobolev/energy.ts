import { axes } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import { transposedConstant } from "./constants.ts";
import { spectrum } from "./dct.ts";
import { sobolevWeights } from "./weights.ts";
import type { FrequencyUnit } from "./weights.ts";

/** How an energy is summed up. */
export interface EnergyOptions {
  /** Unit of the frequencies; "index" by default. */
  readonly unit?: FrequencyUnit;
  /**
   * "mean" (the default): weights of mean 1 and the mean over all values, so that the scale depends on neither s nor the
   * size. "sum": the raw weights and the sum, the squared norm of the paper.
   */
  readonly reduction?: "mean" | "sum";
}

/**
 * Measure the H^s energy of fields: sum over w of (1 + |w|^2)^s |F(w)|^2 (Eqs. 4, 27).
 *
 * At s = 0 it is the sum, or the mean, of the squares.
 *
 * @param f Fields, such as residuals. `[B, H, W, C]`
 * @param s Sobolev index, at least 0; the paper uses 1.5.
 * @param options Unit and reduction.
 * @returns One energy a sample. `[B]`
 * @throws {RangeError} If `s` is negative or not finite.
 */
export function sobolevEnergy(f: tf.Tensor4D, s: number, options: EnergyOptions = {}): tf.Tensor1D {
  const { unit, reduction = "mean" } = options;
  if (!(s >= 0)) throw new RangeError(`Cannot measure energy in H^s as s must be at least 0: current value is ${s}`);
  return tf.tidy(() => {
    const coefficients = spectrum(f);
    const weights = spectrumWeights(f, s, unit, reduction === "mean" ? "mean" : "raw");
    const weighted = coefficients.square().mul(weights);
    // Channel by channel: float32 sums of 65,536 values in a row lose the fifth digit on WebAssembly.
    return reduction === "mean" ? weighted.mean([2, 3]).mean(1) : weighted.sum([2, 3]).sum(1);
  });
}

/**
 * Multiply fields in H^s: <f, Sigma_s^-1 g> (Eq. 5), with the raw weights.
 *
 * @param f Fields. `[B, H, W, C]`
 * @param g Fields of the same shape. `[B, H, W, C]`
 * @param s Sobolev index; 0 gives the Euclidean product.
 * @param options `unit` of the frequencies.
 * @returns One product a sample. `[B]`
 */
export function sobolevInner(
  f: tf.Tensor4D,
  g: tf.Tensor4D,
  s: number,
  options: { readonly unit?: FrequencyUnit } = {},
): tf.Tensor1D {
  axes([f, "B H W C"], [g, "B H W C"]);
  return tf.tidy(() => {
    const weights = spectrumWeights(f, s, options.unit, "raw");
    return spectrum(f).mul(spectrum(g)).mul(weights).sum([2, 3]).sum(1);
  });
}

/**
 * Measure the H^s norm of fields, with the raw weights. Its gradient at zero is not defined.
 *
 * @param f Fields. `[B, H, W, C]`
 * @param s Sobolev index; 0 gives the Euclidean norm.
 * @param options `unit` of the frequencies.
 * @returns One norm a sample. `[B]`
 */
export function sobolevNorm(
  f: tf.Tensor4D,
  s: number,
  options: { readonly unit?: FrequencyUnit } = {},
): tf.Tensor1D {
  return tf.tidy(() => sobolevEnergy(f, s, { ...options, reduction: "sum" }).sqrt());
}

/**
 * Bring weights into the engine in the order of `spectrum`.
 *
 * @param f Fields of the size. `[B, H, W, C]`
 * @returns `[W, H]`
 */
export function spectrumWeights(
  f: tf.Tensor4D,
  s: number,
  unit?: FrequencyUnit,
  normalise?: "raw" | "mean",
): tf.Tensor2D {
  const { H, W } = axes([f, "B H W C"]);
  return transposedConstant(sobolevWeights(H, W, s, { unit, normalise }), H, W);
}
