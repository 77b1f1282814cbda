import { createRaster, type Raster } from "../../image/mod.ts";
import { filter2D } from "./filter.ts";
import type { Kernel } from "./kernels.ts";

const RADIUS = 51; // the side of the window, as its authors call it
const SIGMA = 0.3 * ((RADIUS - 1) * 0.5 - 1) + 0.8; // OpenCV's choice for that side: 8
const AMOUNT = 0.5;
const THRESHOLD = 10 / 255;

/**
 * Sharpen an image by the unsharp mask of the Real-ESRGAN training data (Wang et al. 2021): Gaussian of 51 pixels,
 * amount 0.5, only where the residual exceeds 10/255, the mask blurred by the same Gaussian.
 *
 * @param r Image in [0, 1].
 * @returns Sharpened image in [0, 1].
 */
export function sharpen(r: Raster): Raster {
  const blurred = gaussianBlur(r);
  const mask = createRaster(r, r.channels);
  for (let i = 0; i < r.data.length; i++) mask.data[i] = Math.abs(r.data[i] - blurred.data[i]) > THRESHOLD ? 1 : 0;
  const soft = gaussianBlur(mask);
  const sharpened = createRaster(r, r.channels);
  for (let i = 0; i < r.data.length; i++) {
    const strong = Math.min(Math.max(r.data[i] + AMOUNT * (r.data[i] - blurred.data[i]), 0), 1);
    sharpened.data[i] = soft.data[i] * strong + (1 - soft.data[i]) * r.data[i];
  }
  return sharpened;
}

/** The Gaussian along one axis. */
export const USM_WEIGHTS: Float64Array = gaussian();
const ROW: Kernel = { width: RADIUS, height: 1, weights: USM_WEIGHTS };
const COLUMN: Kernel = { width: 1, height: RADIUS, weights: USM_WEIGHTS };

function gaussianBlur(r: Raster): Raster {
  return filter2D(filter2D(r, ROW), COLUMN);
}

function gaussian(): Float64Array {
  const bell = Float64Array.from(
    { length: RADIUS },
    (_, i) => Math.exp(-((i - (RADIUS - 1) / 2) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = bell.reduce((total, value) => total + value, 0);
  return bell.map((value) => value / sum);
}
