import type { Plane } from "./plane.ts";

/** Local moments of two planes along one row of the map. `[W - taps + 1]` each; the arrays are used again. */
export interface MomentRow {
  /** Windowed mean of x. */
  readonly x: Float64Array;
  /** Windowed mean of y. */
  readonly y: Float64Array;
  /** Windowed mean of x squared. */
  readonly xx: Float64Array;
  /** Windowed mean of y squared. */
  readonly yy: Float64Array;
  /** Windowed mean of the product. */
  readonly xy: Float64Array;
}

/**
 * Average two planes, their squares and their product under a separable window of 11 taps, where it fits, row by row:
 * the memory is that of some 60 rows, whatever the size of the planes.
 *
 * @param window Weights along either axis. `[11]`
 * @param onRow Takes one row of the map after the other, from the top.
 */
export function windowMoments(x: Plane, y: Plane, window: Float64Array, onRow: (row: MomentRow) => void): void {
  const { width, height } = x, taps = window.length, outWidth = width - taps + 1;
  const row = () => new Float64Array(outWidth);
  const lines = ["x", "y", "xx", "yy", "xy"].map(() => Array.from({ length: taps }, row)); // the last rows, in turn
  const moments = { x: row(), y: row(), xx: row(), yy: row(), xy: row() };
  const [xx, yy, xy] = [0, 0, 0].map(() => new Float64Array(width));
  for (let at = 0; at < height; at++) {
    const a = x.data.subarray(at * width, (at + 1) * width), b = y.data.subarray(at * width, (at + 1) * width);
    for (let i = 0; i < width; i++) {
      const p = a[i], q = b[i];
      xx[i] = p * p;
      yy[i] = q * q;
      xy[i] = p * q;
    }
    [a, b, xx, yy, xy].forEach((values, moment) => filterRow(values, window, lines[moment][at % taps]));
    if (at < taps - 1) continue;
    const oldest = (at + 1) % taps;
    [moments.x, moments.y, moments.xx, moments.yy, moments.xy].forEach((values, moment) =>
      mixRows([...lines[moment].slice(oldest), ...lines[moment].slice(0, oldest)], window, values)
    );
    onRow(moments);
  }
}

// Eleven taps are written out: without the inner loop a pass takes a third of the time. The sums keep their order.

function filterRow(from: Float64Array, window: Float64Array, to: Float64Array): void {
  const [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10] = window;
  for (let i = 0; i < to.length; i++) {
    to[i] = w0 * from[i] + w1 * from[i + 1] + w2 * from[i + 2] + w3 * from[i + 3] + w4 * from[i + 4] +
      w5 * from[i + 5] + w6 * from[i + 6] + w7 * from[i + 7] + w8 * from[i + 8] + w9 * from[i + 9] + w10 * from[i + 10];
  }
}

function mixRows(rows: readonly Float64Array[], window: Float64Array, to: Float64Array): void {
  const [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10] = window;
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10] = rows;
  for (let i = 0; i < to.length; i++) {
    to[i] = w0 * r0[i] + w1 * r1[i] + w2 * r2[i] + w3 * r3[i] + w4 * r4[i] + w5 * r5[i] + w6 * r6[i] + w7 * r7[i] +
      w8 * r8[i] + w9 * r9[i] + w10 * r10[i];
  }
}
