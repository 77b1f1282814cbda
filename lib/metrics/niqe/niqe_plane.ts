import type { LumaSpace, Raster } from "../../image/mod.ts";
import { checkSide } from "../check_side.ts";
import type { Plane } from "../plane.ts";
import { type Halves, roundedLuma } from "../rounded_luma.ts";
import { NIQE_BLOCK } from "./features.ts";

/** What NIQE sees of an image. */
export interface NiqeChoices {
  /** Which Y; it is rounded to whole numbers. */
  readonly space: LumaSpace;
  /** Pixels cut off at every side: moves the grid of blocks and with it the score by 0.1 to 0.3. */
  readonly border: number;
  /** Where halves go. */
  readonly halves: Halves;
}

/**
 * The rounded luma that NIQE measures.
 *
 * @throws {RangeError} If a side is below 96 px after cropping.
 */
export function niqePlane(image: Raster, { space, border, halves }: NiqeChoices): Plane {
  const width = image.width - 2 * border, height = image.height - 2 * border;
  checkSide(width, height, NIQE_BLOCK, "NIQE");
  const { data } = roundedLuma(image, space, halves);
  for (let y = 0; y < height; y++) { // cut in place: no value moves towards the end
    const from = (y + border) * image.width + border;
    data.copyWithin(y * width, from, from + width);
  }
  return { width, height, data: data.subarray(0, width * height) };
}
