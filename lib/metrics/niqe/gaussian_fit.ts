/** A Gaussian in the space of features. */
export interface FeatureGaussian {
  /** `[n]` */
  readonly mean: Float64Array;
  /** `[n, n]` */
  readonly covariance: Float64Array;
}

/**
 * Fit a Gaussian to rows: the mean of every column over its numbers, the covariance (divisor rows - 1) over the rows
 * that have no NaN, as NIQE's authors do.
 *
 * A single row leaves no spread: its covariance is zero.
 *
 * @param values `[rows, n]`
 * @param n Columns.
 */
export function fitGaussian(values: Float64Array, n: number): FeatureGaussian {
  const rows = Array.from({ length: values.length / n }, (_, row) => values.subarray(row * n, (row + 1) * n));
  const whole = rows.filter((row) => row.every((value) => !Number.isNaN(value)));
  return { mean: columnMeans(rows, n), covariance: covarianceOf(whole, n) };
}

function columnMeans(rows: readonly Float64Array[], n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, column) => {
    const numbers = rows.map((row) => row[column]).filter((value) => !Number.isNaN(value));
    return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  });
}

function covarianceOf(rows: readonly Float64Array[], n: number): Float64Array {
  const covariance = new Float64Array(n * n);
  if (rows.length < 2) return covariance;
  const mean = columnMeans(rows, n);
  for (const row of rows) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) covariance[i * n + j] += (row[i] - mean[i]) * (row[j] - mean[j]);
    }
  }
  return covariance.map((sum) => sum / (rows.length - 1));
}
