import { type RasterSize, resizeBicubicPlane } from "../../image/mod.ts";
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
  const whole = { width: columns * NIQE_BLOCK, height: rows * NIQE_BLOCK };
  const values = new Float64Array(rows * columns * NIQE_FEATURES), sharpness = new Float64Array(rows * columns);
  const measure = (plane: Plane, scale: 0 | 1) => {
    const side = NIQE_BLOCK >> scale, part = { width: whole.width >> scale, height: whole.height >> scale };
    for (let row = 0; row < rows; row++) { // a row of blocks at a time: a large image takes little more than itself
      const { values: normalised, deviation } = normaliseContrast(plane, part, { first: row * side, count: side });
      for (let column = 0; column < columns; column++) {
        const block = row * columns + column, pixels = cutBlock(normalised, column * side, side);
        values.set(blockFeatures(pixels), block * NIQE_FEATURES + scale * PER_SCALE);
        if (scale === 0) sharpness[block] = average(cutBlock(deviation, column * side, side).data);
      }
    }
  };
  measure(luma, 0);
  measure(halfSize(luma, whole), 1);
  return { blocks: rows * columns, values, sharpness };
}

/** MATLAB's bicubic at half the size, on values in [0, 1] as in NIQE's code: the order of rounding decides flat areas. */
function halfSize({ width: stride, data }: Plane, { width, height }: RasterSize): Plane {
  const unit = new Float64Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let from = y * stride; from < y * stride + width; from++, to++) unit[to] = data[from] / 255;
  }
  const half = resizeBicubicPlane({ width, height, data: unit }, 0.5);
  for (let i = 0; i < half.data.length; i++) half.data[i] *= 255;
  return half;
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
    const line = y * width, from = (y - rows + height) % height * width - columns;
    for (let x = 1; x < width - 1; x++) products[line + x] = data[line + x] * data[from + x];
    for (const x of [0, width - 1]) {
      products[line + x] = data[line + x] * data[from + columns + (x - columns + width) % width];
    }
  }
  return products;
}

function cutBlock({ width: stride, data }: Plane, left: number, side: number): Plane {
  const cut = new Float64Array(side * side);
  for (let y = 0; y < side; y++) cut.set(data.subarray(y * stride + left, y * stride + left + side), y * side);
  return { width: side, height: side, data: cut };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
