import { fusedLuma, luma, type LumaSpace, type Raster } from "../../image/mod.ts";
import { type Plane, roundHalfEven } from "../plane.ts";
import { checkSide } from "../check_side.ts";
import { NIQE_BLOCK } from "./features.ts";

/** What NIQE sees of an image. */
export interface NiqeChoices {
  /** Which Y; it is rounded to whole numbers. */
  readonly space: LumaSpace;
  /** Pixels cut off at every side: moves the grid of blocks and with it the score by 0.1 to 0.3. */
  readonly border: number;
  /**
   * Where a Y goes that lies half way between two whole numbers, as one pixel in a thousand does on `yiq`. `even`: to
   * the even one, on every machine. `fused`: wherever the last bit of NumPy's matrix product takes it, as in NIQE
   * computed by NumPy. The score moves by up to 0.01.
   */
  readonly halves: "even" | "fused";
}

/**
 * The rounded luma that NIQE measures.
 *
 * @throws {RangeError} If a side is below 96 px after cropping.
 */
export function niqePlane(image: Raster, { space, border, halves }: NiqeChoices): Plane {
  const width = image.width - 2 * border, height = image.height - 2 * border;
  checkSide(width, height, NIQE_BLOCK, "NIQE");
  const data = luma(image, space);
  if (halves === "fused" && image.channels === 3) settleHalves(data, image, space);
  for (let y = 0, to = 0; y < height; y++) { // cut and rounded in place: no value moves towards the end
    const first = (y + border) * image.width + border;
    for (let from = first; from < first + width; from++, to++) data[to] = roundHalfEven(data[from]);
  }
  return { width, height, data: data.subarray(0, width * height) };
}

/** Replace every half by its value in the arithmetic of a matrix product. */
function settleHalves(y: Float64Array, { data }: Raster, space: LumaSpace): void {
  for (let i = 0; i < y.length; i++) {
    if (y[i] - Math.floor(y[i]) !== 0.5) continue;
    const level = (c: number) => Math.round(data[3 * i + c] * 255);
    y[i] = fusedLuma([level(0), level(1), level(2)], space);
  }
}
