/** Mean from which the rejection method takes over: below, inversion is as fast and simpler. */
const REJECTION_FROM = 10;

/**
 * Draw a Poisson count: by inversion for a mean under 10, else by transformed rejection (PTRS, Hörmann 1993). Both are
 * exact.
 *
 * @param uniform Source of numbers in [0, 1).
 * @param mean At least 0, at most 2^31.
 * @returns A count, at least 0.
 * @throws {RangeError} If `mean` is out of range.
 */
export function drawPoisson(uniform: () => number, mean: number): number {
  if (!(mean >= 0 && mean <= 2 ** 31)) {
    throw new RangeError(`Cannot draw a Poisson count as the mean must be in [0, 2^31]: current value is ${mean}`);
  }
  return mean < REJECTION_FROM ? byInversion(uniform, mean) : byRejection(uniform, mean);
}

function byInversion(uniform: () => number, mean: number): number {
  let remaining = uniform(), probability = Math.exp(-mean), count = 0;
  while (remaining >= probability && probability > 0) {
    remaining -= probability;
    count++;
    probability *= mean / count;
  }
  return count;
}

function byRejection(uniform: () => number, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const u = uniform() - 0.5;
    const v = 1 - uniform(); // (0, 1]: its logarithm is finite
    const us = 0.5 - Math.abs(u);
    const count = Math.floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    const logAccept = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b);
    if (logAccept <= count * Math.log(mean) - mean - logFactorial(count)) return count;
  }
}

/** log(n!): a sum for small n, Stirling's series with an error under 1e-12 above. */
function logFactorial(n: number): number {
  if (n < 16) {
    let sum = 0;
    for (let k = 2; k <= n; k++) sum += Math.log(k);
    return sum;
  }
  const x = n + 1, inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
