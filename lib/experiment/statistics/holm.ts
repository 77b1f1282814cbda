/**
 * Correct p-values for the number of tests (Holm 1979, "A simple sequentially rejective multiple test procedure").
 *
 * The probability of even one false rejection among all the tests stays below the level, whatever their dependence.
 *
 * @param pValues In [0, 1], in any order.
 * @returns The corrected values, in the same order, each at least its original and at most 1.
 * @throws {RangeError} If a value is not in [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot correct p-values as they lie in [0, 1]: current value is ${wrong}`);
  }
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, pValues[index] * (pValues.length - rank)));
    corrected[index] = largest;
  });
  return corrected;
}
