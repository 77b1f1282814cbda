const COEFFICIENTS = [
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/**
 * Evaluate the logarithm of the gamma function, by Lanczos' approximation (g = 7, nine terms).
 *
 * @param x Positive.
 * @returns log Gamma(x), with an error of about 1e-14.
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1, base = z + 7.5;
  let sum = 0.99999999999980993;
  COEFFICIENTS.forEach((coefficient, i) => sum += coefficient / (z + i + 1));
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(base) - base + Math.log(sum);
}
