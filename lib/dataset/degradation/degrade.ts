import { rng } from "../../core/mod.ts";
import {
  decodeImage,
  encodeJpeg,
  interpolate,
  quantise8,
  type Raster,
  type RasterSize,
  resizeBicubic,
} from "../../image/mod.ts";
import { diffJpeg } from "./diff_jpeg.ts";
import { filter2D } from "./filter.ts";
import { blurKernel } from "./kernels.ts";
import { addGaussianNoise, addPoissonNoise } from "./noise.ts";
import type { DegradationStep, Recipe, ResizeMode } from "./recipe.ts";
import { sharpen } from "./sharpen.ts";

/**
 * Degrade an image by a recipe. The same image and recipe give the same bits on every machine.
 *
 * Degrade whole photographs, or windows with some context, and crop afterwards: a blur knows nothing beyond the border,
 * JPEG blocks start there, and Poisson noise follows the content.
 *
 * @param r RGB image in [0, 1]; both sides are multiples of 4.
 * @param recipe From {@link drawRecipe}, or written by hand.
 * @returns Image of a quarter of the sides. Recipes of the presets end with rounding to 8 bits.
 * @throws {RangeError} If a side is not a multiple of 4, or the recipe ends at another size.
 */
export async function degrade(r: Raster, recipe: Recipe): Promise<Raster> {
  let degraded = r;
  for await (const { image } of degradationStages(r, recipe)) degraded = image;
  return degraded;
}

/** An image after one step of a recipe. */
export interface DegradationStage {
  /** What was done. */
  readonly step: DegradationStep;
  /** What came out. */
  readonly image: Raster;
}

/**
 * Degrade an image as {@link degrade}, showing every stage on the way.
 *
 * @param r RGB image in [0, 1]; both sides are multiples of 4.
 * @param recipe As for {@link degrade}.
 * @returns The image after each step; the last is the result.
 * @throws {RangeError} If a side is not a multiple of 4, or the recipe ends at another size.
 */
export async function* degradationStages(r: Raster, recipe: Recipe): AsyncGenerator<DegradationStage> {
  if (r.width % recipe.scale !== 0 || r.height % recipe.scale !== 0) {
    throw new RangeError(
      `Cannot degrade image as its sides must be multiples of ${recipe.scale}: current value is ${r.width} x ${r.height}`,
    );
  }
  const result = { width: r.width / recipe.scale, height: r.height / recipe.scale };
  let image = r;
  for (const step of recipe.steps) {
    image = await applyStep(image, step, result);
    yield { step, image };
  }
  if (image.width !== result.width || image.height !== result.height) {
    throw new RangeError(
      `Cannot degrade image as the recipe must end at ${result.width} x ${result.height}: ` +
        `current value is ${image.width} x ${image.height}`,
    );
  }
}

/**
 * Apply one step of a recipe.
 *
 * @param r RGB image.
 * @param step What to do.
 * @param result Sides of the image at the end of the recipe.
 * @returns The changed image.
 */
export async function applyStep(r: Raster, step: DegradationStep, result: RasterSize): Promise<Raster> {
  switch (step.kind) {
    case "sharpen":
      return sharpen(r);
    case "blur":
      return filter2D(r, blurKernel(step.kernel));
    case "resize":
      return resize(r, step.mode, step.factor);
    case "resizeToResult": {
      const { width, height } = result;
      return resize(r, step.mode, { width: Math.floor(width * step.times), height: Math.floor(height * step.times) });
    }
    case "gaussianNoise": {
      const length = step.gray ? r.width * r.height : r.data.length;
      return addGaussianNoise(r, step.sigma, rng(step.seed, "gaussian noise").normals(length));
    }
    case "poissonNoise": {
      const random = rng(step.seed, "poisson noise");
      return addPoissonNoise(r, step.scale, step.gray, (mean) => random.poisson(mean));
    }
    case "diffJpeg":
      return diffJpeg(r, step.quality);
    case "libjpeg":
      return (await decodeImage(await encodeJpeg(r, step), "a JPEG in memory")).image;
    case "quantise":
      return quantise8(r);
  }
}

function resize(r: Raster, mode: ResizeMode, to: number | RasterSize): Raster {
  return mode === "matlab" ? resizeBicubic(r, to) : interpolate(r, mode, to);
}
