import { fft2 } from "./fft2.ts";

/** Power by radial frequency. */
export interface RadialPsd {
  /** Middle of each bin, in cycles a pixel. */
  readonly frequency: Float64Array;
  /** Mean power in each bin; NaN in an empty one. */
  readonly power: Float64Array;
  /** Coefficients in each bin. */
  readonly count: Int32Array;
}

/**
 * Average the power spectral density of a plane over rings of equal radial frequency (Fig. 3).
 *
 * The mean is removed; the power is |FFT|^2 / (H W), with a window divided by the sum of its squares instead. The radius is
 * in cycles a pixel, so planes that are not square are right too. There are min(H, W) / 2 bins on [0, 0.5); the constant
 * and the corners beyond are left out.
 *
 * @param plane `height * width` doubles, such as luma in [0, 1].
 * @param height Rows, at least 2; 3 with a window.
 * @param width Columns, at least 2; 3 with a window.
 * @param options `window`: "none" (the default) or "hann" over rows and columns, which hides that the border wraps around.
 * @returns Power by frequency.
 * @throws {RangeError} If plane and size do not fit, or a side is too small.
 */
export function radialPsd(
  plane: ArrayLike<number>,
  height: number,
  width: number,
  options: { readonly window?: "none" | "hann" } = {},
): RadialPsd {
  const { window = "none" } = options, least = window === "hann" ? 3 : 2; // a Hann window is 0 at its ends
  const bins = Math.floor(Math.min(height, width) / 2);
  if (Math.min(height, width) < least) {
    throw new RangeError(
      `Cannot measure a spectrum as both sides must be at least ${least}: current value is ${height} x ${width}`,
    );
  }
  const values = new Float64Array(plane);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = windowOf(height, window), columns = windowOf(width, window);
  const { re, im } = fft2(
    values.map((value, at) => (value - mean) * rows[Math.floor(at / width)] * columns[at % width]),
    height,
    width,
  );
  const scale = sumOfSquares(rows) * sumOfSquares(columns);
  const power = new Float64Array(bins), count = new Int32Array(bins);
  for (let at = 1; at < re.length; at++) {
    const bin = ring(cycles(Math.floor(at / width), height), cycles(at % width, width), height, width, bins);
    if (bin >= bins) continue;
    power[bin] += (re[at] * re[at] + im[at] * im[at]) / scale;
    count[bin]++;
  }
  return {
    frequency: Float64Array.from({ length: bins }, (_, bin) => (bin + 0.5) / (2 * bins)),
    power: power.map((sum, bin) => sum / count[bin]),
    count,
  };
}

/**
 * Fit a line to the logarithm of power over the logarithm of frequency, by least squares.
 *
 * @param psd Power by frequency.
 * @param options `from` and `to`: the band, in cycles a pixel; [0.02, 0.4] by default.
 * @returns Its slope, about -2 for natural images, and its value at 1 cycle a pixel, as a natural logarithm.
 */
export function spectralSlope(
  psd: RadialPsd,
  options: { readonly from?: number; readonly to?: number } = {},
): { slope: number; intercept: number } {
  const { from = 0.02, to = 0.4 } = options;
  const points = Array.from(psd.frequency, (frequency, bin) => ({ frequency, power: psd.power[bin] }))
    .filter(({ frequency, power }) => frequency >= from && frequency <= to && power > 0)
    .map(({ frequency, power }) => ({ x: Math.log(frequency), y: Math.log(power) }));
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const slope = covariance / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return { slope, intercept: meanY - slope * meanX };
}

/** The cycles of an index over the whole side, whatever their direction. */
function cycles(index: number, size: number): number {
  return Math.min(index, size - index);
}

/** The bin of a coefficient; one that lies on the edge of two belongs to the outer, decided in whole numbers. */
function ring(ky: number, kx: number, height: number, width: number, bins: number): number {
  const position = Math.hypot(ky / height, kx / width) * 2 * bins, nearest = Math.round(position);
  if (Math.abs(position - nearest) > 1e-9) return Math.floor(position);
  const radius = BigInt(2 * bins) ** 2n * (BigInt(ky * width) ** 2n + BigInt(kx * height) ** 2n);
  return radius < BigInt(nearest * height * width) ** 2n ? nearest - 1 : nearest;
}

function windowOf(size: number, window: "none" | "hann"): Float64Array {
  const hann = (_: unknown, i: number): number => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (size - 1));
  return window === "hann" ? Float64Array.from({ length: size }, hann) : new Float64Array(size).fill(1);
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
