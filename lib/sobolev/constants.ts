import { tf } from "../engine/mod.ts";

const BLOCK = 16 * 1024; // values in 64 KiB: the largest constant that a traced step takes

/**
 * Bring a table into the engine as float32, anew at each call: in a traced step it becomes a constant of the graph, on its
 * own it is freed with the scope around it. So nothing is cached in the engine, and nothing that was made during a trace
 * can be met after it.
 *
 * A table over 64 KiB goes in blocks of rows.
 *
 * @param table `rows * columns` doubles, row-major.
 * @returns `[rows, columns]`
 */
export function constant(table: Float64Array, rows: number, columns: number): tf.Tensor2D {
  const values = Float32Array.from(table);
  if (values.length <= BLOCK) return tf.tensor2d(values, [rows, columns]);
  const blocks: tf.Tensor1D[] = [];
  for (let at = 0; at < values.length; at += BLOCK) blocks.push(tf.tensor1d(values.subarray(at, at + BLOCK)));
  return tf.concat1d(blocks).reshape([rows, columns]);
}

/**
 * Bring the transpose of a table into the engine, as `constant` does.
 *
 * @param table `rows * columns` doubles, row-major.
 * @returns `[columns, rows]`
 */
export function transposedConstant(table: Float64Array, rows: number, columns: number): tf.Tensor2D {
  const transposed = new Float64Array(table.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) transposed[column * rows + row] = table[row * columns + column];
  }
  return constant(transposed, columns, rows);
}
