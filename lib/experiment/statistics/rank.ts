import { mean } from "./moments.ts";

/**
 * Measure rank agreement by Spearman's rho: the correlation of the ranks, equal values sharing their mean rank.
 *
 * @param a Finite values, at least 2.
 * @param b As many.
 * @returns In [-1, 1]; NaN where one of them does not vary.
 * @throws {RangeError} If the lengths differ or are below 2.
 */
export function spearman(a: readonly number[], b: readonly number[]): number {
  checkPairs(a, b);
  const x = ranks(a), y = ranks(b), mx = mean(x), my = mean(y);
  let xy = 0, xx = 0, yy = 0;
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/**
 * Measure rank agreement by Kendall's tau-b: pairs in the same order less pairs in opposite order, over the pairs that are
 * not tied.
 *
 * @param a Finite values, at least 2.
 * @param b As many.
 * @returns In [-1, 1]; NaN where one of them does not vary.
 * @throws {RangeError} If the lengths differ or are below 2.
 */
export function kendall(a: readonly number[], b: readonly number[]): number {
  checkPairs(a, b);
  let score = 0, untiedA = 0, untiedB = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const da = Math.sign(a[i] - a[j]), db = Math.sign(b[i] - b[j]);
      score += da * db;
      untiedA += da * da;
      untiedB += db * db;
    }
  }
  return score / Math.sqrt(untiedA * untiedB);
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });
}

function checkPairs(a: readonly number[], b: readonly number[]): void {
  if (a.length !== b.length || a.length < 2) {
    throw new RangeError(
      `Cannot compare ranks as both need as many values, at least 2: current values are ${a.length} and ${b.length}`,
    );
  }
}
