import { createRaster, type Raster } from "./raster.ts";

/** Ways of giving a restored image the colours of its low-resolution image. */
export type ColourFix = "wavelet" | "adain" | "none";

/** Times that the wavelet fix halves the frequencies. */
const LEVELS = 5;

/** Added to the variances of the adaptive fix. */
const EPSILON = 1e-5;

/**
 * Give an image the colours of another: models that make images from noise shift them.
 *
 * `wavelet` (StableSR, Wang et al. 2024) replaces the low frequencies: five blurs, each twice as wide as the one before.
 * `adain` (Huang and Belongie 2017) replaces mean and standard deviation of every channel. Both change PSNR by decibels.
 *
 * @param image What was restored.
 * @param reference The low-resolution image, upsampled to the same size.
 * @param fix The way; `none` returns the image itself.
 * @returns The corrected image, not clamped.
 * @throws {RangeError} If sizes or channels differ.
 */
export function fixColour(image: Raster, reference: Raster, fix: ColourFix): Raster {
  const { width, height, channels } = image;
  if (reference.width !== width || reference.height !== height || reference.channels !== channels) {
    throw new RangeError(
      `Cannot fix colours as the reference must be ${width} x ${height} x ${channels}: ` +
        `current value is ${reference.width} x ${reference.height} x ${reference.channels}`,
    );
  }
  if (fix === "none") return image;
  const fixed = createRaster(image, channels);
  for (let channel = 0; channel < channels; channel++) {
    const from = planeOf(image, channel), to = planeOf(reference, channel);
    const plane = fix === "wavelet" ? swapLows(from, to, width, height) : matchMoments(from, to);
    for (let i = 0, at = channel; i < plane.length; i++, at += channels) fixed.data[at] = plane[i];
  }
  return fixed;
}

function planeOf({ data, channels }: Raster, channel: number): Float64Array {
  const plane = new Float64Array(data.length / channels);
  for (let i = 0, at = channel; i < plane.length; i++, at += channels) plane[i] = data[at];
  return plane;
}

/** High frequencies of one plane and low ones of the other. */
function swapLows(from: Float64Array, to: Float64Array, width: number, height: number): Float64Array {
  // Blurring is linear, so that one blur of the difference does for both.
  let low: Float64Array = from.map((value, i) => to[i] - value);
  for (let level = 0; level < LEVELS; level++) low = blur(low, width, height, 2 ** level);
  return low.map((value, i) => from[i] + value);
}

/** Blur with the weights 1/4, 1/2, 1/4 at a distance along both sides; pixels outside are those of the edge. */
function blur(plane: Float64Array, width: number, height: number, distance: number): Float64Array {
  const rows = new Float64Array(plane.length), blurred = new Float64Array(plane.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const left = at - Math.min(distance, x), right = at + Math.min(distance, width - 1 - x);
      rows[at] = (plane[left] + 2 * plane[at] + plane[right]) / 4;
    }
  }
  for (let y = 0, at = 0; y < height; y++) {
    const up = -width * Math.min(distance, y), down = width * Math.min(distance, height - 1 - y);
    for (let x = 0; x < width; x++, at++) blurred[at] = (rows[at + up] + 2 * rows[at] + rows[at + down]) / 4;
  }
  return blurred;
}

function matchMoments(from: Float64Array, to: Float64Array): Float64Array {
  const a = moments(from), b = moments(to);
  return from.map((value) => (value - a.mean) / a.deviation * b.deviation + b.mean);
}

/** Mean and deviation, of the unbiased variance. */
function moments(plane: Float64Array): { mean: number; deviation: number } {
  const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
  const squares = plane.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(plane.length - 1, 1) + EPSILON) };
}
