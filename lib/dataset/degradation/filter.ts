import { createRaster, type Raster } from "../../image/mod.ts";
import type { Kernel } from "./kernels.ts";

/** Fraction of the largest weight under which a tap is skipped. */
const NEGLIGIBLE = 1e-9;

/**
 * Correlate an image with a kernel, borders mirrored without repeating the edge (OpenCV's `BORDER_REFLECT_101`).
 *
 * Taps below 1e-9 of the largest are skipped: they cannot change a float32 result, and many kernels are mostly such.
 *
 * @param r Image of any size; a mirror image smaller than the kernel is mirrored again.
 * @param kernel Weights.
 * @returns Image of the same size.
 */
export function filter2D(r: Raster, kernel: Kernel): Raster {
  const { width, height, channels } = r;
  const padX = (kernel.width - 1) / 2, padY = (kernel.height - 1) / 2;
  const stride = (width + 2 * padX) * channels;
  const padded = pad(r, padX, padY);
  const { offsets, weights } = taps(kernel, stride, channels);
  const filtered = createRaster(r, channels);
  const row = width * channels, sums = new Float64Array(row);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let k = 0; k < weights.length; k += 4) { // four taps a pass: the sums are read and written a quarter as often
      const w0 = weights[k], w1 = weights[k + 1], w2 = weights[k + 2], w3 = weights[k + 3];
      const base = y * stride;
      const a0 = base + offsets[k], a1 = base + offsets[k + 1], a2 = base + offsets[k + 2], a3 = base + offsets[k + 3];
      for (let i = 0; i < row; i++) {
        sums[i] += w0 * padded[a0 + i] + w1 * padded[a1 + i] + w2 * padded[a2 + i] + w3 * padded[a3 + i];
      }
    }
    filtered.data.set(sums, y * row);
  }
  return filtered;
}

/** Offsets and weights of the taps that count, filled up to a multiple of four. */
function taps(kernel: Kernel, stride: number, channels: number): { offsets: Int32Array; weights: Float64Array } {
  const least = NEGLIGIBLE * kernel.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const used = [...kernel.weights.keys()].filter((i) => Math.abs(kernel.weights[i]) > least);
  const length = Math.ceil(used.length / 4) * 4;
  const offsets = new Int32Array(length), weights = new Float64Array(length);
  used.forEach((i, k) => {
    offsets[k] = Math.floor(i / kernel.width) * stride + i % kernel.width * channels;
    weights[k] = kernel.weights[i];
  });
  return { offsets, weights };
}

function pad({ width, height, channels, data }: Raster, padX: number, padY: number): Float64Array {
  const stride = (width + 2 * padX) * channels, row = width * channels;
  const padded = new Float64Array(stride * (height + 2 * padY));
  const borders = Array.from({ length: 2 * padX }, (_, i) => i < padX ? i : i + width);
  for (let y = 0; y < height + 2 * padY; y++) {
    const line = data.subarray(reflect(y - padY, height) * row), to = y * stride;
    padded.set(line.subarray(0, row), to + padX * channels);
    for (const x of borders) {
      const from = reflect(x - padX, width) * channels;
      for (let c = 0; c < channels; c++) padded[to + x * channels + c] = line[from + c];
    }
  }
  return padded;
}

/** Mirror an index into [0, n) about its end points. */
function reflect(index: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const within = ((index % period) + period) % period;
  return within < n ? within : period - within;
}
