import type { Raster, RasterSize } from "./raster.ts";
import { type AxisWeights, axisWeights, cubicKernel, resample } from "./resample.ts";

/** Modes of {@link interpolate}. */
export type InterpolationMode = "area" | "bilinear" | "bicubic";

/**
 * Resize an image as PyTorch's `F.interpolate(..., align_corners=False)` does: no antialiasing, cubic with a = -0.75,
 * `area` = adaptive average pooling.
 *
 * By factor, the sides are `floor(side * factor)` while the sampling positions use the factor itself; by size they use
 * the ratio of the sides. The two differ wherever the product is not whole.
 *
 * @param r Image.
 * @param mode Weights.
 * @param to A factor or the new sides.
 * @returns The resized image; `bicubic` may leave [0, 1].
 * @throws {RangeError} If a new side would be under 1.
 */
export function interpolate(r: Raster, mode: InterpolationMode, to: number | RasterSize): Raster {
  const size = typeof to === "number" ? { width: Math.floor(r.width * to), height: Math.floor(r.height * to) } : to;
  if (!(size.width >= 1 && size.height >= 1)) {
    throw new RangeError(
      `Cannot interpolate image as the new sides must be at least 1: current value is ${size.width} x ${size.height}`,
    );
  }
  const axis = { area: areaAxis, bilinear: linearAxis, bicubic: cubicAxis }[mode];
  const step = (from: number, side: number) => typeof to === "number" ? 1 / to : from / side;
  const rows = axis(r.height, size.height, step(r.height, size.height));
  const columns = axis(r.width, size.width, step(r.width, size.width));
  return resample(r, rows, columns);
}

function areaAxis(from: number, to: number): AxisWeights {
  const start = (i: number) => Math.floor(i * from / to);
  const count = (i: number) => Math.ceil((i + 1) * from / to) - start(i);
  const taps = Math.ceil(from / to) + 1;
  return axisWeights(to, taps, (i, k) => k < count(i) ? [start(i) + k, 1 / count(i)] : [0, 0]);
}

function linearAxis(from: number, to: number, step: number): AxisWeights {
  return axisWeights(to, 2, (i, k) => {
    const position = Math.max(step * (i + 0.5) - 0.5, 0);
    const first = Math.min(Math.floor(position), from - 1);
    const fraction = position - first;
    return k === 0 ? [first, 1 - fraction] : [Math.min(first + 1, from - 1), fraction];
  });
}

function cubicAxis(from: number, to: number, step: number): AxisWeights {
  return axisWeights(to, 4, (i, k) => {
    const position = step * (i + 0.5) - 0.5;
    const at = Math.floor(position) - 1 + k;
    return [Math.min(Math.max(at, 0), from - 1), cubicKernel(position - at, -0.75)];
  });
}
