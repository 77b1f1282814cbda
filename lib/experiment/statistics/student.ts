import { logGamma } from "../../core/mod.ts";

/**
 * Evaluate the distribution function of Student's t.
 *
 * @param t Any real number or an infinity.
 * @param freedom Degrees of freedom, positive; need not be whole (Satterthwaite 1946).
 * @returns P(T <= t), in [0, 1], with a relative error of about 1e-12.
 * @throws {RangeError} If `freedom` is not positive.
 */
export function studentCdf(t: number, freedom: number): number {
  if (!(freedom > 0)) {
    throw new RangeError(`Cannot evaluate Student's t as its freedom must be positive: current value is ${freedom}`);
  }
  if (!Number.isFinite(t)) return t > 0 ? 1 : 0;
  const tail = 0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/**
 * Invert the distribution function of Student's t.
 *
 * @param probability In (0, 1).
 * @param freedom Degrees of freedom, positive.
 * @returns The t with P(T <= t) = `probability`, to about 1e-9 relative.
 * @throws {RangeError} If an argument is out of range.
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`Cannot invert Student's t as a probability lies in (0, 1): current value is ${probability}`);
  }
  const upper = Math.max(probability, 1 - probability);
  let low = 0, high = 1;
  while (studentCdf(high, freedom) < upper) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentCdf(middle, freedom) < upper) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  return probability < 0.5 ? -t : t;
}

/** The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only on this side of the mode.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let c = 1, d = 1 / guard(1 - (a + b) * x / (a + 1)), value = d;
  for (let m = 1; m <= 300; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / guard(1 + term * d);
      c = guard(1 + term / c);
      value *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * value;

  function guard(y: number): number {
    return Math.abs(y) < tiny ? tiny : y;
  }
}
