import { createRaster, type Raster } from "../../image/mod.ts";
import type { Kernel } from "./kernels.ts";

/**
 * Correlate an image with a kernel, borders mirrored without repeating the edge (OpenCV's `BORDER_REFLECT_101`).
 *
 * Taps of weight 0 cost nothing, so a small kernel inside a large one runs as fast as alone.
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

/** Offsets and weights of the taps that are not 0, filled up to a multiple of four. */
function taps(kernel: Kernel, stride: number, channels: number): { offsets: Int32Array; weights: Float64Array } {
  const used = [...kernel.weights.keys()].filter((i) => kernel.weights[i] !== 0);
  const length = Math.ceil(used.length / 4) * 4;
  const offsets = new Int32Array(length), weights = new Float64Array(length);
  used.forEach((i, k) => {
    offsets[k] = Math.floor(i / kernel.width) * stride + i % kernel.width * channels;
    weights[k] = kernel.weights[i];
  });
  return { offsets, weights };
}

function pad({ width, height, channels, data }: Raster, padX: number, padY: number): Float64Array {
  const wide = width + 2 * padX, high = height + 2 * padY;
  const padded = new Float64Array(wide * high * channels);
  for (let y = 0, to = 0; y < high; y++) {
    const row = reflect(y - padY, height) * width;
    for (let x = 0; x < wide; x++) {
      const from = (row + reflect(x - padX, width)) * channels;
      for (let c = 0; c < channels; c++) padded[to++] = data[from + c];
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
