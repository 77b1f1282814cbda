import type { RasterSize } from "../../image/mod.ts";
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
 * @param part Columns and rows that count, from the top left: the border is theirs. By default the whole plane.
 * @param rows The first row and how many to normalise; by default all.
 * @returns Planes of the columns that count and the rows asked for.
 */
export function normaliseContrast(
  plane: Plane,
  part: RasterSize = plane,
  { first, count }: { readonly first: number; readonly count: number } = { first: 0, count: part.height },
): Normalised {
  const { width } = part, deviation = new Float64Array(width * count), values = new Float64Array(width * count);
  const mean = new Float64Array(width), square = new Float64Array(width), smoothed = smoothRows(plane, part);
  for (let y = first, to = 0; y < first + count; y++) {
    const near = Array.from({ length: SIDE }, (_, k) => smoothed(y + k - RADIUS));
    mixRows(near.map((row) => row.mean), mean);
    mixRows(near.map((row) => row.square), square);
    for (let x = 0, from = y * plane.width; x < width; x++, from++, to++) {
      deviation[to] = Math.sqrt(Math.abs(square[x] - mean[x] * mean[x]));
      const level = plane.data[from], gap = level - mean[x];
      values[to] = (Math.abs(gap) < ROUNDING ? level - windowMean(plane, part, x, y) : gap) / (deviation[to] + 1);
    }
  }
  return { values: { width, height: count, data: values }, deviation: { width, height: count, data: deviation } };
}

/** The mean about one pixel, summed row by row. */
function windowMean({ width: stride, data }: Plane, { width, height }: RasterSize, x: number, y: number): number {
  let sum = 0;
  for (let dy = -RADIUS, tap = 0; dy <= RADIUS; dy++) {
    const row = Math.min(Math.max(y + dy, 0), height - 1) * stride;
    for (let dx = -RADIUS; dx <= RADIUS; dx++, tap++) {
      sum += WINDOW[tap] * data[row + Math.min(Math.max(x + dx, 0), width - 1)];
    }
  }
  return sum;
}

/** A row, and its squares, filtered along the row. */
interface SmoothRow {
  at: number;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** Filters rows when they are asked for, and remembers the last seven. */
function smoothRows({ width: stride, data }: Plane, { width, height }: RasterSize): (row: number) => SmoothRow {
  const padded = new Float64Array(width + 2 * RADIUS), squared = new Float64Array(width + 2 * RADIUS);
  const known = Array.from(
    { length: SIDE },
    (): SmoothRow => ({ at: -1, mean: new Float64Array(width), square: new Float64Array(width) }),
  );
  return (row) => {
    const at = Math.min(Math.max(row, 0), height - 1), found = known[at % SIDE];
    if (found.at === at) return found;
    padded.set(data.subarray(at * stride, at * stride + width), RADIUS);
    padded.fill(padded[RADIUS], 0, RADIUS);
    padded.fill(padded[RADIUS + width - 1], RADIUS + width);
    for (let i = 0; i < padded.length; i++) squared[i] = padded[i] * padded[i];
    filterRow(padded, found.mean);
    filterRow(squared, found.square);
    found.at = at;
    return found;
  };
}

// Seven taps are written out: without the inner loop a pass takes a third of the time. The sums keep their order.

function filterRow(from: Float64Array, to: Float64Array): void {
  const [w0, w1, w2, w3, w4, w5, w6] = TAPS;
  for (let i = 0; i < to.length; i++) {
    to[i] = w0 * from[i] + w1 * from[i + 1] + w2 * from[i + 2] + w3 * from[i + 3] + w4 * from[i + 4] +
      w5 * from[i + 5] + w6 * from[i + 6];
  }
}

function mixRows([r0, r1, r2, r3, r4, r5, r6]: readonly Float64Array[], to: Float64Array): void {
  const [w0, w1, w2, w3, w4, w5, w6] = TAPS;
  for (let i = 0; i < to.length; i++) {
    to[i] = w0 * r0[i] + w1 * r1[i] + w2 * r2[i] + w3 * r3[i] + w4 * r4[i] + w5 * r5[i] + w6 * r6[i];
  }
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
