import type { Plane } from "../plane.ts";

const RADIUS = 3, SIDE = 2 * RADIUS + 1, SIGMA = 7 / 6;
/** Differences below this are rounding errors of the separable filter, at levels up to 255. */
const ROUNDING = 1e-9;

/** A plane with its local mean and contrast divided out. */
export interface Normalised {
  /** (I - mean) / (deviation + 1). `[H, W]` */
  readonly values: Plane;
  /** Local standard deviation. `[H, W]` */
  readonly deviation: Plane;
}

/**
 * Normalise a plane by its local mean and deviation (MSCN coefficients; Ruderman 1994): 7 x 7 Gaussian of sigma 7/6,
 * the border repeated.
 *
 * In flat areas the difference to the mean is a rounding error, and NIQE counts signs: there the sum is taken as the
 * authors' filter takes it, over all 49 pixels row by row, so that the sign is theirs.
 *
 * @param plane Luma, 0 to 255.
 */
export function normaliseContrast(plane: Plane): Normalised {
  const { width, height, data } = plane;
  const centre = smooth(plane), squares = smooth({ ...plane, data: data.map((value) => value * value) });
  const deviation = new Float64Array(data.length), values = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    deviation[i] = Math.sqrt(Math.abs(squares[i] - centre[i] * centre[i]));
    const gap = data[i] - centre[i];
    values[i] = (Math.abs(gap) < ROUNDING ? data[i] - windowMean(plane, i) : gap) / (deviation[i] + 1);
  }
  return { values: { width, height, data: values }, deviation: { width, height, data: deviation } };
}

/** The mean about one pixel, summed row by row. */
function windowMean({ width, height, data }: Plane, at: number): number {
  const x = at % width, y = Math.floor(at / width);
  let sum = 0;
  for (let dy = -RADIUS, tap = 0; dy <= RADIUS; dy++) {
    const row = Math.min(Math.max(y + dy, 0), height - 1) * width;
    for (let dx = -RADIUS; dx <= RADIUS; dx++, tap++) {
      sum += WINDOW[tap] * data[row + Math.min(Math.max(x + dx, 0), width - 1)];
    }
  }
  return sum;
}

function smooth({ width, height, data }: Plane): Float64Array {
  const rows = new Float64Array(data.length), smoothed = new Float64Array(data.length);
  const padded = new Float64Array(width + 2 * RADIUS);
  for (let y = 0; y < height; y++) {
    padded.set(data.subarray(y * width, (y + 1) * width), RADIUS);
    padded.fill(padded[RADIUS], 0, RADIUS);
    padded.fill(padded[RADIUS + width - 1], RADIUS + width);
    for (let x = 0, at = y * width; x < width; x++, at++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += TAPS[k] * padded[x + k];
      rows[at] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    const to = y * width;
    for (let k = -RADIUS; k <= RADIUS; k++) {
      const from = Math.min(Math.max(y + k, 0), height - 1) * width, weight = TAPS[k + RADIUS];
      for (let x = 0; x < width; x++) smoothed[to + x] += weight * rows[from + x];
    }
  }
  return smoothed;
}

/** The Gaussian along one axis, and over the window. */
const TAPS = normalise(SIDE, (k) => (k - RADIUS) ** 2);
const WINDOW = normalise(SIDE * SIDE, (k) => (k % SIDE - RADIUS) ** 2 + (Math.floor(k / SIDE) - RADIUS) ** 2);

function normalise(count: number, squaredDistance: (k: number) => number): Float64Array {
  const taps = Float64Array.from({ length: count }, (_, k) => Math.exp(-squaredDistance(k) / (2 * SIGMA ** 2)));
  // Largest first: the exact sum, rounded once.
  const sum = taps.toSorted((a, b) => b - a).reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}
