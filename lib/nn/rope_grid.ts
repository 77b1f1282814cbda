import { tf } from "../engine/mod.ts";
import { ropeAngles, type RopeTable } from "./rope.ts";

/**
 * Build the rotary table of a grid of tokens in row-major order, with the positions (plane, row, column).
 *
 * Made of one factor per row and one per column, so that a traced step holds no constant of the size of the grid.
 *
 * @param rows Number of rows.
 * @param columns Number of columns.
 * @param axesWidths Channels of the three axes, even.
 * @param plane First position of every token: 0 for the image, 1 for a condition that is appended as tokens.
 * @param spacing Distances of rows and of columns: above 1 for a condition of fewer tokens than the image.
 * @returns Two fresh tensors, `[rows columns, sum of axesWidths]`.
 * @throws {RangeError} If a width is odd, or there are not three of them.
 */
export function ropeGrid(
  rows: number,
  columns: number,
  axesWidths: readonly number[],
  plane = 0,
  [rowSpacing, columnSpacing]: readonly [number, number] = [1, 1],
): RopeTable {
  const down = ropeAngles(Array.from({ length: rows }, (_, row) => [plane, row * rowSpacing, 0]), axesWidths);
  const across = ropeAngles(Array.from({ length: columns }, (_, k) => [0, 0, k * columnSpacing]), axesWidths);
  const width = down.shape[1];
  const factor = (values: Float32Array, shape: [number, number, number]) => tf.tensor3d(values, shape);
  return tf.tidy(() => ({
    // A channel turns with one axis only: with the others its cosine is 1 and its sine 0.
    cos: factor(down.cos, [rows, 1, width]).mul(factor(across.cos, [1, columns, width])).reshape([-1, width]),
    sin: factor(down.sin, [rows, 1, width]).add(factor(across.sin, [1, columns, width])).reshape([-1, width]),
  }));
}

/**
 * Join the tables of token sequences in their order.
 *
 * @param still Number of tokens in front that are not turned, such as text.
 * @param tables Of the tokens that follow; at least one.
 * @returns Two fresh tensors, `[still + N_1 + N_2 + ..., C]`.
 */
export function joinRope(still: number, ...tables: readonly RopeTable[]): RopeTable {
  const width = tables[0].cos.shape[1]!;
  return tf.tidy(() => ({
    cos: tf.concat([tf.ones([still, width]), ...tables.map(({ cos }) => cos)]),
    sin: tf.concat([tf.zeros([still, width]), ...tables.map(({ sin }) => sin)]),
  }));
}
