import { tf } from "../engine/mod.ts";
import { inverseSpectrum, spectrum } from "./dct.ts";
import { spectrumWeights } from "./energy.ts";
import type { FrequencyUnit } from "./weights.ts";

/** Which frequencies a covariance is made of. */
export interface CovarianceOptions {
  /** Unit of the frequencies; "index" by default. */
  readonly unit?: FrequencyUnit;
}

/**
 * Apply the covariance Sigma_s = F^-1 diag((1 + |w|^2)^-s) F (Eq. 12): a low-pass filter that turns an L2 gradient into
 * the H^s gradient (Eq. 42).
 *
 * @param f Fields. `[B, H, W, C]`
 * @param s Sobolev index, at least 0.
 * @param options Unit of the frequencies.
 * @returns `[B, H, W, C]`
 */
export function applySigma(f: tf.Tensor4D, s: number, options: CovarianceOptions = {}): tf.Tensor4D {
  return weighFrequencies(f, -s, options);
}

/**
 * Apply the precision Sigma_s^-1, half the gradient of the squared H^s norm.
 *
 * @param f Fields. `[B, H, W, C]`
 * @param s Sobolev index, at least 0.
 * @param options Unit of the frequencies.
 * @returns `[B, H, W, C]`
 */
export function applySigmaInverse(f: tf.Tensor4D, s: number, options: CovarianceOptions = {}): tf.Tensor4D {
  return weighFrequencies(f, s, options);
}

/**
 * Apply the symmetric root of Sigma_s. It takes whitened coordinates, in which the H^s ball is a Euclidean one, to fields.
 *
 * @param f Fields. `[B, H, W, C]`
 * @param s Sobolev index, at least 0.
 * @param options Unit of the frequencies.
 * @returns `[B, H, W, C]`
 */
export function applySigmaRoot(f: tf.Tensor4D, s: number, options: CovarianceOptions = {}): tf.Tensor4D {
  return weighFrequencies(f, -s / 2, options);
}

/**
 * Apply the symmetric root of Sigma_s^-1: the L2 norm of the result is the H^s norm of the field.
 *
 * @param f Fields. `[B, H, W, C]`
 * @param s Sobolev index, at least 0.
 * @param options Unit of the frequencies.
 * @returns `[B, H, W, C]`
 */
export function applySigmaInverseRoot(f: tf.Tensor4D, s: number, options: CovarianceOptions = {}): tf.Tensor4D {
  return weighFrequencies(f, s / 2, options);
}

/**
 * Colour noise: white noise from N(0, I) becomes noise from N(0, Sigma_s) (Eqs. 12, 25).
 *
 * @param white Standard normal noise. `[B, H, W, C]`
 * @param s Sobolev index, at least 0; 0 leaves it white.
 * @param options Unit of the frequencies.
 * @returns `[B, H, W, C]`
 */
export function colouredNoise(white: tf.Tensor4D, s: number, options: CovarianceOptions = {}): tf.Tensor4D {
  return applySigmaRoot(white, s, options);
}

function weighFrequencies(f: tf.Tensor4D, s: number, { unit }: CovarianceOptions): tf.Tensor4D {
  return tf.tidy(() => inverseSpectrum(spectrum(f).mul(spectrumWeights(f, s, unit))));
}
