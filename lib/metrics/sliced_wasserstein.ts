import { rng } from "../core/mod.ts";
import type { Plane } from "./plane.ts";
import { type MetricImage, prepareImage } from "./prepared.ts";
import { type Protocol, protocols } from "./protocol.ts";
import { checkSide } from "./check_side.ts";

/** Side of a patch. */
export const PATCH_SIDE = 5;
const DIRECTIONS = 48;
const STRIDE = 3; // coprime to the 4 px grid of the scale, so that patches at every phase of it are seen
const PIXELS = PATCH_SIDE ** 2;
const BIN = 0.125; // gray levels; far below any distance of interest
const REACH = Math.ceil(255 * Math.sqrt(PIXELS) / 2); // |<p, d>| for a unit d of mean 0 and p in [0, 255]
const BINS = 2 * REACH / BIN + 1;

/**
 * Measure how far the small patches of one set of images are from those of another: a realism that needs no weights
 * and no pairing (sliced Wasserstein distance; Rabin, Peyre, Delon and Bernot 2011).
 *
 * Patches of 5 x 5 luma pixels, their mean removed, at every third place; the first Wasserstein distance of their
 * projections on 48 directions that are the same in every run, averaged over the directions.
 *
 * @param results One set.
 * @param truths The other set; counts and sizes may differ.
 * @returns Gray levels of 255, at least 0; 0 for the same patches. Correct to about a sixteenth.
 * @throws {RangeError} If a set is empty or an image is smaller than a patch.
 */
export function slicedWasserstein(
  results: readonly MetricImage[],
  truths: readonly MetricImage[],
  protocol: Protocol = protocols.paper,
): number {
  const [ours, theirs] = [results, truths].map((images) => projectPatches(images, protocol));
  let distance = 0;
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    let gap = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const at = direction * BINS + bin;
      gap += ours.counts[at] / ours.patches - theirs.counts[at] / theirs.patches;
      distance += Math.abs(gap);
    }
  }
  return distance * BIN / DIRECTIONS;
}

/** Histograms of the projections of all patches. */
interface Projections {
  /** `[48 * BINS]` */
  readonly counts: Float64Array;
  readonly patches: number;
}

function projectPatches(images: readonly MetricImage[], protocol: Protocol): Projections {
  if (images.length === 0) throw new RangeError("Cannot measure patches as there must be an image: current value is 0");
  const counts = new Float64Array(DIRECTIONS * BINS);
  let patches = 0;
  for (const image of images) {
    checkSide(image.width, image.height, PATCH_SIDE, "patches");
    patches += addProjections(prepareImage(image, protocol).luma, counts);
  }
  return { counts, patches };
}

function addProjections({ width, height, data }: Plane, counts: Float64Array): number {
  const directions = fixedDirections(), patch = new Float64Array(PIXELS);
  let patches = 0;
  for (let top = 0; top + PATCH_SIDE <= height; top += STRIDE) {
    for (let left = 0; left + PATCH_SIDE <= width; left += STRIDE) {
      for (let y = 0; y < PATCH_SIDE; y++) {
        for (let x = 0; x < PATCH_SIDE; x++) patch[y * PATCH_SIDE + x] = data[(top + y) * width + left + x];
      }
      for (let direction = 0, from = 0; direction < DIRECTIONS; direction++, from += PIXELS) {
        let projection = 0;
        for (let i = 0; i < PIXELS; i++) projection += directions[from + i] * patch[i];
        const bin = Math.round((projection + REACH) / BIN);
        counts[direction * BINS + Math.min(Math.max(bin, 0), BINS - 1)]++;
      }
      patches++;
    }
  }
  return patches;
}

let directions: Float64Array | undefined;
/** Unit vectors of mean 0, uniform on their sphere: projecting on them removes the mean of a patch. */
function fixedDirections(): Float64Array {
  if (directions) return directions;
  const drawn = rng(0, "sliced Wasserstein directions").normals(DIRECTIONS * PIXELS);
  const made = new Float64Array(drawn.length);
  for (let from = 0; from < drawn.length; from += PIXELS) {
    const row = Float64Array.from(drawn.subarray(from, from + PIXELS));
    const centre = row.reduce((sum, value) => sum + value, 0) / PIXELS;
    const centred = row.map((value) => value - centre);
    const norm = Math.hypot(...centred);
    made.set(centred.map((value) => value / norm), from);
  }
  return directions = made;
}
