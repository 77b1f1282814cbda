import { createRaster, quantise8, type Raster, toBytes } from "../../image/mod.ts";

/**
 * Add white Gaussian noise and clamp to [0, 1].
 *
 * @param r Image.
 * @param sigma Standard deviation in 8-bit units.
 * @param field Standard normal numbers: `[H, W, C]`, or `[H, W]` for gray noise, the same in all channels.
 * @returns Noisy image in [0, 1].
 * @throws {RangeError} If the field has neither length.
 */
export function addGaussianNoise(r: Raster, sigma: number, field: ArrayLike<number>): Raster {
  const repeat = r.data.length / field.length;
  if (repeat !== 1 && repeat !== r.channels) {
    throw new RangeError(
      `Cannot add noise as the field must have ${r.data.length} values, or one per pixel: current value is ${field.length}`,
    );
  }
  return addClamped(r, (i) => field[Math.floor(i / repeat)] * sigma / 255);
}

/**
 * Add Poisson noise as Real-ESRGAN does (Wang et al. 2021) and clamp to [0, 1].
 *
 * The number of photons follows the image: 2^ceil(log2 n) for white, n = distinct 8-bit levels of the whole image. So
 * two crops of one photograph may get noise of different strength.
 *
 * @param r Image.
 * @param scale Factor on the noise.
 * @param gray One noise for all channels, of the gray image 0.2989 R + 0.587 G + 0.114 B.
 * @param poisson Draws a count of the given mean; called once per pixel and channel (or per pixel), in order.
 * @returns Noisy image in [0, 1].
 */
export function addPoissonNoise(r: Raster, scale: number, gray: boolean, poisson: (mean: number) => number): Raster {
  const levels = quantise8(gray && r.channels === 3 ? toGray(r) : r);
  const photons = 2 ** Math.ceil(Math.log2(new Set(toBytes(levels)).size));
  const noise = levels.data.map((level) => poisson(level * photons) / photons - level);
  const repeat = r.data.length / noise.length;
  return addClamped(r, (i) => scale * noise[Math.floor(i / repeat)]);
}

function toGray(r: Raster): Raster {
  const gray = createRaster(r, 1);
  for (let i = 0, at = 0; i < gray.data.length; i++, at += 3) {
    gray.data[i] = 0.2989 * r.data[at] + 0.587 * r.data[at + 1] + 0.114 * r.data[at + 2];
  }
  return gray;
}

function addClamped(r: Raster, noise: (index: number) => number): Raster {
  const noisy = createRaster(r, r.channels);
  for (let i = 0; i < r.data.length; i++) noisy.data[i] = Math.min(Math.max(r.data[i] + noise(i), 0), 1);
  return noisy;
}
