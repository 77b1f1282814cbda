import { logGamma } from "../../core/mod.ts";

/** An asymmetric generalised Gaussian distribution. */
export interface Aggd {
  /** Shape: 2 is Gaussian, 1 Laplacian; a multiple of 0.001 from 0.2 to 10. NaN where a side has no sample. */
  readonly shape: number;
  /** Scale left of zero. */
  readonly left: number;
  /** Scale right of zero. */
  readonly right: number;
  /** Its mean. */
  readonly mean: number;
}

const STEPS = 9801, FIRST = 0.2, STEP = 0.001;

let ratios: Float64Array | undefined;

/** Gamma(2/a)^2 / (Gamma(1/a) Gamma(3/a)) on the grid of shapes: it rises. */
export function ratioTable(): Float64Array {
  return ratios ??= Float64Array.from({ length: STEPS }, (_, i) => {
    const inverse = 1 / shapeAt(i);
    return Math.exp(2 * logGamma(2 * inverse) - logGamma(inverse) - logGamma(3 * inverse));
  });
}

function shapeAt(index: number): number {
  return FIRST + index * STEP;
}

/**
 * Fit an asymmetric generalised Gaussian by its moments (Lasmar, Stitou and Berthoumieu 2009), the shape on the grid of
 * 9,801 values that NIQE uses.
 *
 * @param values Samples; zeros belong to neither side.
 * @returns The distribution; NaN in every field where one side has no sample, as in a constant area.
 */
export function fitAggd(values: Float64Array): Aggd {
  let magnitude = 0, leftSum = 0, leftCount = 0, rightSum = 0, rightCount = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i], square = value * value;
    if (value < 0) {
      leftSum += square;
      leftCount++;
      magnitude -= value;
    } else if (value > 0) {
      rightSum += square;
      rightCount++;
      magnitude += value;
    }
  }
  const left = Math.sqrt(leftSum / leftCount), right = Math.sqrt(rightSum / rightCount), g = left / right;
  const ratio = (magnitude / values.length) ** 2 / ((leftSum + rightSum) / values.length);
  const shape = nearestShape(ratio * (g ** 3 + 1) * (g + 1) / (g * g + 1) ** 2);
  const inverse = 1 / shape;
  const scale = Math.exp(0.5 * (logGamma(inverse) - logGamma(3 * inverse)));
  const mean = (right - left) * scale * Math.exp(logGamma(2 * inverse) - logGamma(inverse));
  return { shape, left: left * scale, right: right * scale, mean };
}

/** The shape of the grid whose ratio lies nearest; the smaller of two as near. */
function nearestShape(ratio: number): number {
  if (Number.isNaN(ratio)) return NaN;
  const table = ratioTable();
  let low = 0, high = STEPS - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (table[middle] <= ratio) low = middle;
    else high = middle;
  }
  return shapeAt(Math.abs(table[high] - ratio) < Math.abs(table[low] - ratio) ? high : low);
}
