import type { Plane } from "../plane.ts";
import { windowMean } from "./window_mean.ts";

const RADIUS = 3, SIGMA = 7 / 6;
/** What rounding leaves of a level less its local mean at most, by the separable filter. */
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
 * Where only rounding errors are left, their signs are those of the authors' filter ({@link windowMean}).
 *
 * @param plane Luma, 0 to 255.
 */
export function normaliseContrast(plane: Plane): Normalised {
  const { width, height, data } = plane;
  const centre = smooth(plane), squares = smooth({ ...plane, data: data.map((value) => value * value) });
  const deviation = new Float64Array(data.length), values = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    deviation[i] = Math.sqrt(Math.abs(squares[i] - centre[i] * centre[i]));
    let gap = data[i] - centre[i];
    if (Math.abs(gap) < ROUNDING) gap = data[i] - windowMean(plane, i % width, Math.floor(i / width), plane);
    values[i] = gap / (deviation[i] + 1);
  }
  return { values: { width, height, data: values }, deviation: { width, height, data: deviation } };
}

function smooth({ width, height, data }: Plane): Float64Array {
  const taps = gaussian(), rows = new Float64Array(data.length), smoothed = new Float64Array(data.length);
  const padded = new Float64Array(width + 2 * RADIUS);
  for (let y = 0; y < height; y++) {
    padded.set(data.subarray(y * width, (y + 1) * width), RADIUS);
    padded.fill(padded[RADIUS], 0, RADIUS);
    padded.fill(padded[RADIUS + width - 1], RADIUS + width);
    for (let x = 0, at = y * width; x < width; x++, at++) {
      let sum = 0;
      for (let k = 0; k <= 2 * RADIUS; k++) sum += taps[k] * padded[x + k];
      rows[at] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    const to = y * width;
    for (let k = -RADIUS; k <= RADIUS; k++) {
      const from = Math.min(Math.max(y + k, 0), height - 1) * width, weight = taps[k + RADIUS];
      for (let x = 0; x < width; x++) smoothed[to + x] += weight * rows[from + x];
    }
  }
  return smoothed;
}

let known: Float64Array | undefined;
function gaussian(): Float64Array {
  if (known) return known;
  const taps = Float64Array.from(
    { length: 2 * RADIUS + 1 },
    (_, i) => Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return known = taps.map((tap) => tap / sum);
}
