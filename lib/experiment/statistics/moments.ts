/** Mean and spread of a few values, as the tables print them. */
export interface Spread {
  /** Arithmetic mean. */
  readonly mean: number;
  /** Standard deviation with the divisor n - 1; NaN for a single value. */
  readonly sd: number;
  /** How many values. */
  readonly count: number;
}

/**
 * Average values.
 *
 * @throws {RangeError} If there is no value.
 */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError("Cannot average values as there must be one: current value is none");
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * Measure the standard deviation of values with the divisor n - 1.
 *
 * @returns NaN for a single value: one number says nothing about spread.
 * @throws {RangeError} If there is no value.
 */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return values.length === 1 ? NaN : Math.sqrt(sum / (values.length - 1));
}

/**
 * Summarise values, for instance one a seed, by mean and standard deviation.
 *
 * @throws {RangeError} If there is no value.
 */
export function spread(values: ArrayLike<number>): Spread {
  return { mean: mean(values), sd: standardDeviation(values), count: values.length };
}
