import { fusedLuma, luma, type LumaSpace, type Raster } from "../image/mod.ts";
import { type Plane, roundHalfEven } from "./plane.ts";

/**
 * Where a Y goes that lies half way between two whole numbers, as one pixel in a thousand does on `yiq`, when it is
 * rounded. `even`: to the even one, on every machine. `fused`: wherever the last bit of NumPy's matrix product takes it.
 *
 * It moves NIQE by up to 0.01, and PSNR and SSIM in the sixth digit.
 */
export type Halves = "even" | "fused";

/** The Y of an image, rounded to whole numbers. */
export function roundedLuma(image: Raster, space: LumaSpace, halves: Halves): Plane {
  const y = luma(image, space);
  if (halves === "fused" && image.channels === 3) settleHalves(y, image, space);
  for (let i = 0; i < y.length; i++) y[i] = roundHalfEven(y[i]);
  return { width: image.width, height: image.height, data: y };
}

/** Replace every half by its value in the arithmetic of a matrix product. */
function settleHalves(y: Float64Array, { data }: Raster, space: LumaSpace): void {
  for (let i = 0; i < y.length; i++) {
    if (y[i] - Math.floor(y[i]) !== 0.5) continue;
    const level = (c: number) => Math.round(data[3 * i + c] * 255);
    y[i] = fusedLuma([level(0), level(1), level(2)], space);
  }
}
