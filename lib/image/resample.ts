import { createRaster, type Raster } from "./raster.ts";

/** One axis of a separable resize: every output sample is a weighted sum of `taps` input samples. */
export interface AxisWeights {
  /** Output samples. */
  readonly size: number;
  /** Weights per output sample. */
  readonly taps: number;
  /** Input samples. `[size, taps]` */
  readonly index: Int32Array;
  /** Their weights. `[size, taps]` */
  readonly weight: Float64Array;
}

/**
 * Build the weights of one axis.
 *
 * @param size Output samples.
 * @param taps Weights per output sample.
 * @param tap The input sample and weight of a tap of an output sample.
 * @returns The weights, as given (not normalised).
 */
export function axisWeights(
  size: number,
  taps: number,
  tap: (output: number, tap: number) => readonly [index: number, weight: number],
): AxisWeights {
  const index = new Int32Array(size * taps), weight = new Float64Array(size * taps);
  for (let i = 0, at = 0; i < size; i++) {
    for (let k = 0; k < taps; k++, at++) [index[at], weight[at]] = tap(i, k);
  }
  return { size, taps, index, weight };
}

/**
 * Resize an image by separable weights, rows before columns, in doubles between the two.
 *
 * @param r Image.
 * @param rows Weights along the height.
 * @param columns Weights along the width.
 * @returns Image of `columns.size x rows.size`; values may leave [0, 1] where weights are negative.
 */
export function resample(r: Raster, rows: AxisWeights, columns: AxisWeights): Raster {
  const resized = createRaster({ width: columns.size, height: rows.size }, r.channels);
  resampleInto(resized.data, r, rows, columns);
  return resized;
}

/**
 * Resize interleaved values, as {@link resample}, into an array of the caller's precision.
 *
 * @param into Takes the result. `[rows.size, columns.size, channels]`
 * @param from Width, channels and values. `[H, W, channels]`
 */
export function resampleInto(
  into: Float32Array | Float64Array,
  from: { readonly width: number; readonly channels: number; readonly data: Float32Array | Float64Array },
  rows: AxisWeights,
  columns: AxisWeights,
): void {
  const { width, channels, data } = from;
  const stride = width * channels;
  const line = new Float64Array(stride);
  for (let y = 0, out = 0; y < rows.size; y++) {
    line.fill(0);
    for (let k = y * rows.taps; k < (y + 1) * rows.taps; k++) {
      const weight = rows.weight[k], from = rows.index[k] * stride;
      if (weight === 0) continue;
      for (let i = 0; i < stride; i++) line[i] += weight * data[from + i];
    }
    for (let x = 0; x < columns.size; x++) {
      const first = x * columns.taps, end = first + columns.taps;
      for (let c = 0; c < channels; c++, out++) {
        let sum = 0;
        for (let k = first; k < end; k++) sum += columns.weight[k] * line[columns.index[k] * channels + c];
        into[out] = sum;
      }
    }
  }
}

/**
 * Evaluate the cubic convolution kernel (Keys 1981).
 *
 * @param x Distance in samples.
 * @param a Slope at distance 1: -0.5 in MATLAB, -0.75 in PyTorch and OpenCV.
 * @returns The weight; 0 from distance 2 on.
 */
export function cubicKernel(x: number, a: number): number {
  const d = Math.abs(x);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
}
