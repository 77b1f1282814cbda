import { resizeBicubicPlane } from "../../image/mod.ts";
import type { Plane } from "../plane.ts";
import { fitAggd } from "./aggd.ts";
import { normaliseContrast } from "./mscn.ts";

/** Side of a block at full size, and so the shortest side that can be measured. */
export const NIQE_BLOCK = 96;
/** Features of a block: 18 at either of two scales. */
export const NIQE_FEATURES = 36;
const PER_SCALE = NIQE_FEATURES / 2;
/** Neighbours whose products are taken: right, below, and on both diagonals; `[rows, columns]`. */
const SHIFTS = [[0, 1], [1, 0], [1, 1], [1, -1]] as const;

/** Natural scene statistics of the blocks of an image. */
export interface NiqeFeatures {
  /** Whole blocks, from the top left. */
  readonly blocks: number;
  /** `[blocks, 36]`; NaN where a block is constant. */
  readonly values: Float64Array;
  /** Mean local deviation of every block at full size. `[blocks]` */
  readonly sharpness: Float64Array;
}

/**
 * Measure the 36 features of every whole block of 96 x 96 pixels (Mittal, Soundararajan and Bovik 2013): at full and at
 * half size, how the normalised pixels and the products of neighbours are distributed.
 *
 * @param luma Y from 0 to 255, at least 96 x 96; what lies right of and below the last whole block is not seen.
 */
export function niqeFeatures(luma: Plane): NiqeFeatures {
  const columns = Math.floor(luma.width / NIQE_BLOCK), rows = Math.floor(luma.height / NIQE_BLOCK);
  const whole = cutPlane(luma, 0, 0, columns * NIQE_BLOCK, rows * NIQE_BLOCK);
  const values = new Float64Array(rows * columns * NIQE_FEATURES), sharpness = new Float64Array(rows * columns);
  const half = resizeBicubicPlane({ ...whole, data: whole.data.map((value) => value / 255) }, 0.5);
  const scales = [whole, { ...half, data: half.data.map((value) => value * 255) }];
  scales.forEach((plane, scale) => {
    const side = NIQE_BLOCK >> scale, { values: normalised, deviation } = normaliseContrast(plane);
    for (let block = 0; block < rows * columns; block++) {
      const top = Math.floor(block / columns) * side, left = block % columns * side;
      const pixels = cutPlane(normalised, left, top, side, side);
      values.set(blockFeatures(pixels), block * NIQE_FEATURES + scale * PER_SCALE);
      if (scale === 0) sharpness[block] = average(cutPlane(deviation, left, top, side, side).data);
    }
  });
  return { blocks: rows * columns, values, sharpness };
}

/** The 18 features of one block of normalised pixels. */
export function blockFeatures(block: Plane): number[] {
  const { shape, left, right } = fitAggd(block.data);
  const features = [shape, (left + right) / 2];
  for (const [rows, columns] of SHIFTS) {
    const products = fitAggd(neighbourProducts(block, rows, columns));
    features.push(products.shape, products.mean, products.left, products.right);
  }
  return features;
}

/** Every pixel times the one so many rows above and columns to the left of it, around the border of the block. */
function neighbourProducts({ width, height, data }: Plane, rows: number, columns: number): Float64Array {
  const products = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    const from = (y - rows + height) % height * width;
    for (let x = 0; x < width; x++) {
      products[y * width + x] = data[y * width + x] * data[from + (x - columns + width) % width];
    }
  }
  return products;
}

function cutPlane({ width: stride, data }: Plane, left: number, top: number, width: number, height: number): Plane {
  const cut = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * stride + left;
    cut.set(data.subarray(from, from + width), y * width);
  }
  return { width, height, data: cut };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
