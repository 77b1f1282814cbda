import { LEVELS } from "./quantise.ts";
import type { Raster } from "./raster.ts";

/** Which Y: `ycbcr` = MATLAB's rgb2ycbcr (BT.601 studio range, 16 to 235), `yiq` = full range (0 to 255). */
export type LumaSpace = "ycbcr" | "yiq";

/** Thousandths, so that sums of levels are exact; `peak` is the level that the weights belong to. */
const WEIGHTS = {
  ycbcr: { red: 65481, green: 128553, blue: 24966, offset: 16, peak: 255 },
  yiq: { red: 299, green: 587, blue: 114, offset: 0, peak: 1 },
} as const;
const THOUSAND = 1000;

/**
 * Measure the luma Y of every pixel, in 8-bit units and not rounded (ITU-R BT.601).
 *
 * The two spaces differ by the range: PSNR on `ycbcr` is 20 log10(255 / 219) = 1.32 dB above PSNR on `yiq`. The Y of a
 * gray image is that of the same gray in RGB. Levels of 8 bits are taken as such, not as their nearest single: where Y
 * lies half way between two whole numbers, it does so exactly.
 *
 * @param r Image in [0, 1].
 * @param space The paper's "Y of YCbCr" is `ycbcr`.
 * @returns Y in 16 to 235 (`ycbcr`) or 0 to 255 (`yiq`). `[H, W]`
 */
export function luma(r: Raster, space: LumaSpace = "ycbcr"): Float64Array<ArrayBuffer> {
  const { red, green, blue, offset, peak } = WEIGHTS[space], { data } = r, divisor = THOUSAND * peak;
  const plane = new Float64Array(r.width * r.height);
  if (r.channels === 1) {
    for (let i = 0; i < plane.length; i++) plane[i] = (red + green + blue) * level(data[i]) / divisor + offset;
    return plane;
  }
  for (let i = 0, at = 0; i < plane.length; i++, at += 3) {
    const sum = red * level(data[at]) + green * level(data[at + 1]) + blue * level(data[at + 2]);
    plane[i] = sum / divisor + offset;
  }
  return plane;
}

/**
 * Measure the luma of one pixel as a matrix product of doubles with fused multiply-add does: green, then red, then blue,
 * each sum rounded once (NumPy over OpenBLAS on x86-64).
 *
 * It differs from {@link luma} in the last bit, which decides where a half goes when it is rounded.
 *
 * @param levels Red, green and blue, whole numbers from 0 to 255.
 */
export function fusedLuma([r, g, b]: readonly [number, number, number], space: LumaSpace): number {
  const { red, green, blue, offset, peak } = WEIGHTS[space];
  const sum = multiplyAdd(blue / THOUSAND, b, multiplyAdd(red / THOUSAND, r, green / THOUSAND * g));
  return sum / peak + offset;
}

/** x * y + z, rounded once. */
function multiplyAdd(x: number, y: number, z: number): number {
  return Number(scaled(x) * scaled(y) + scaled(z) * SCALE) / 2 ** 120; // Number() rounds to nearest, ties to even
}

const SCALE = 2n ** 60n; // weights and levels, and so their sums, are whole multiples of 2^-60
const scaled = (value: number): bigint => BigInt(value * 2 ** 60);

/** The level of 255 that a value in single precision stands for: exactly a whole number where it is one of 8 bits. */
export function level(value: number): number {
  const exact = value * 255, whole = (exact + 0.5) & 255;
  return LEVELS[whole] === value ? whole : exact;
}
