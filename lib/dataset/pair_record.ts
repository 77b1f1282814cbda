import { DataError, type Rng, rng } from "../core/mod.ts";
import { type Box, crop, type Raster } from "../image/mod.ts";
import { conditionOf } from "./collect_pairs.ts";
import { degrade } from "./degradation/degrade.ts";
import { drawRecipe } from "./degradation/draw.ts";
import type { DegradationPreset, Recipe } from "./degradation/recipe.ts";
import { sharpen } from "./degradation/sharpen.ts";
import type { SourceImage } from "./source_image.ts";
import type { Split } from "./split.ts";

/** How one pair was made, as plain JSON: {@link renderPair} makes it again, bit for bit. */
export interface PairRecord {
  /** Id of the image. */
  readonly image: string;
  /** SHA-256 of the image, in hexadecimal. */
  readonly hash: string;
  /** The part of the image that was degraded, in its pixels; all four numbers are multiples of 4. */
  readonly window: Box;
  /** The part that became the truth, inside the window. */
  readonly crop: Box;
  /** What was drawn. */
  readonly recipe: Recipe;
  /** Whether the truth is the sharpened image that the recipe starts from, or the image itself. */
  readonly truth: "sharpened" | "plain";
}

/** What must be known of an image to draw from it. */
export type ImageFacts = Pick<SourceImage, "id" | "hash" | "width" | "height">;

/** What {@link drawPair} draws by. */
export interface PairOptions {
  /** Side of the HR crop, a multiple of 4. */
  readonly size: number;
  /** Of the run. */
  readonly seed: number;
  /** Keeps the draws of the parts apart. */
  readonly split: Split;
  /** Degradation to draw from. */
  readonly preset: DegradationPreset;
  /** Side of the window that is degraded around the crop, in HR pixels; cut at the image's borders. */
  readonly context: number;
  /** Take the unsharp-masked image as truth where the recipe sharpens, as the paper's predecessors do. */
  readonly gtUsm: boolean;
}

/** One pair in [0, 1]. */
export interface RenderedPair {
  /** Truth. `size x size` */
  readonly hr: Raster;
  /** Low resolution, 8-bit values. `size/4 x size/4` */
  readonly lr: Raster;
  /** `lr` enlarged by MATLAB's bicubic and clamped. `size x size` */
  readonly condition: Raster;
}

/** Most pixels by which a window is off centre, either way: the grid of JPEG blocks meets the crop at every phase. */
const JITTER = 32;

/**
 * Draw one pair of an image: crop, window and recipe, by (seed, split, content of the image, number).
 *
 * @param image Where it is cut from; at least `size` on both sides, less what a multiple of 4 cuts off.
 * @param number Counts the crops of the image, from 0.
 * @param options What to draw by.
 * @returns The record.
 * @throws {DataError} If the image is too small.
 */
export function drawPair(image: ImageFacts, number: number, options: PairOptions): PairRecord {
  const { size, seed, split, preset, context, gtUsm } = options;
  const key = imageKey(image);
  const [x, y] = [image.width, image.height].map((side) => side - side % 4);
  if (Math.min(x, y) < size) {
    throw new DataError(
      `Cannot crop ${image.id} as it must be at least ${size} x ${size}: current value is ${image.width} x ${image.height}`,
    );
  }
  const random = rng(seed, `crop/${split}`, number, key);
  const across = drawSpan(random, x, size, context), down = drawSpan(random, y, size, context);
  const recipe = drawRecipe(rng(seed, `recipe/${split}`, number, key), preset);
  return {
    image: image.id,
    hash: image.hash,
    window: { left: across.window, top: down.window, width: across.extent, height: down.extent },
    crop: { left: across.crop, top: down.crop, width: size, height: size },
    recipe,
    truth: truthOf(recipe, gtUsm),
  };
}

/** Which image is the truth: the sharpened one where that is wanted and the recipe sharpens. */
export function truthOf({ steps }: Recipe, gtUsm: boolean): PairRecord["truth"] {
  return gtUsm && steps.some(({ kind }) => kind === "sharpen") ? "sharpened" : "plain";
}

/** The number by which the content of an image keys its random numbers. */
export function imageKey({ hash }: Pick<SourceImage, "hash">): number {
  return parseInt(hash.slice(0, 8), 16);
}

/** Where crop and window begin along one side, and how far the window extends; multiples of 4. */
function drawSpan(
  random: Rng,
  side: number,
  size: number,
  context: number,
): { crop: number; window: number; extent: number } {
  const crop = 4 * random.int((side - size) / 4 + 1);
  const extent = Math.min(side, 4 * Math.ceil(Math.max(context, size) / 4));
  const margin = (extent - size) / 2;
  const steps = Math.floor(Math.min(JITTER, margin) / 4);
  const offset = 4 * (Math.floor(margin / 4) + random.int(2 * steps + 1) - steps);
  return { crop, window: Math.min(Math.max(crop - offset, 0), side - extent), extent };
}

/**
 * Make a pair: degrade the window, then cut truth and low resolution out of it together.
 *
 * @param image The whole image, in [0, 1].
 * @param record From {@link drawPair}, or read back from JSON.
 * @returns The pair.
 * @throws {RangeError} If the record does not fit the image.
 */
export async function renderPair(image: Raster, record: PairRecord): Promise<RenderedPair> {
  const { hr, lr } = await renderTruth(image, record);
  return { hr, lr, condition: conditionOf(lr) };
}

/**
 * Make truth and low resolution of a pair, as {@link renderPair} without the enlarged image.
 *
 * @param image The whole image, in [0, 1].
 * @param record From {@link drawPair}, or read back from JSON.
 * @returns Truth and low resolution.
 * @throws {RangeError} If the record does not fit the image.
 */
export async function renderTruth(image: Raster, record: PairRecord): Promise<Omit<RenderedPair, "condition">> {
  const { window, recipe, truth } = record;
  const inside: Box = { ...record.crop, left: record.crop.left - window.left, top: record.crop.top - window.top };
  const context = crop(image, window);
  const low = await degrade(context, recipe);
  const quarter = { left: inside.left / 4, top: inside.top / 4, width: inside.width / 4, height: inside.height / 4 };
  const hr = crop(truth === "sharpened" ? sharpen(context) : context, inside);
  return { hr, lr: crop(low, quarter) };
}
