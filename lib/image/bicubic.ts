import { mirror } from "./mirror.ts";
import type { Raster, RasterSize } from "./raster.ts";
import { type AxisWeights, axisWeights, cubicKernel, resample, resampleInto } from "./resample.ts";

/**
 * Resize an image as MATLAB's `imresize(..., "bicubic")`: cubic with a = -0.5 (Keys 1981), widened when shrinking
 * (antialiased), borders mirrored with the edge repeated.
 *
 * No other library's bicubic is the same: torch, OpenCV, Pillow and sharp differ in a, antialiasing or borders.
 *
 * @param r Image.
 * @param to A factor (sides are rounded up, as in MATLAB) or the new sides.
 * @param options `uint8`: round and clamp the result to 8 bits as MATLAB does for uint8 input, ties away from zero.
 * @returns The resized image. Without `uint8` values may leave [0, 1] a little.
 * @throws {RangeError} If the factor or a side is not positive.
 */
export function resizeBicubic(
  r: Raster,
  to: number | RasterSize,
  { uint8 = false }: { readonly uint8?: boolean } = {},
): Raster {
  const size = typeof to === "number" ? { width: Math.ceil(r.width * to), height: Math.ceil(r.height * to) } : to;
  if (!(size.width >= 1 && size.height >= 1)) {
    const asked = typeof to === "number" ? to : `${size.width} x ${size.height}`;
    throw new RangeError(`Cannot resize image as the factor and sides must be positive: current value is ${asked}`);
  }
  const rows = cubicAxis(r.height, size.height, typeof to === "number" ? to : size.height / r.height);
  const columns = cubicAxis(r.width, size.width, typeof to === "number" ? to : size.width / r.width);
  const resized = resample(r, rows, columns);
  if (uint8) {
    const { data } = resized;
    for (let i = 0; i < data.length; i++) data[i] = Math.floor(Math.min(Math.max(data[i], 0), 1) * 255 + 0.5) / 255;
  }
  return resized;
}

/**
 * Resize one channel of doubles as {@link resizeBicubic}, without rounding to single precision.
 *
 * @param plane Values. `[H, W]`
 * @param factor Positive; sides are rounded up.
 * @returns The resized plane.
 */
export function resizeBicubicPlane(
  plane: RasterSize & { readonly data: Float64Array },
  factor: number,
): RasterSize & { readonly data: Float64Array } {
  const width = Math.ceil(plane.width * factor), height = Math.ceil(plane.height * factor);
  const data = new Float64Array(width * height);
  const rows = cubicAxis(plane.height, height, factor), columns = cubicAxis(plane.width, width, factor);
  resampleInto(data, { ...plane, channels: 1 }, rows, columns);
  return { width, height, data };
}

const A = -0.5;

function cubicAxis(from: number, to: number, scale: number): AxisWeights {
  const stretch = Math.min(scale, 1); // < 1 widens the kernel
  const support = 4 / stretch;
  const taps = Math.ceil(support) + 2;
  const first = (i: number) => Math.floor(centre(i) - support / 2);
  const centre = (i: number) => (i + 0.5) / scale - 0.5; // in input samples, from 0
  const total = Float64Array.from({ length: to }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += cubicKernel(stretch * (centre(i) - first(i) - k), A);
    return sum;
  });
  return axisWeights(to, taps, (i, k) => {
    const at = first(i) + k;
    return [mirror(at, from), cubicKernel(stretch * (centre(i) - at), A) / total[i]];
  });
}
