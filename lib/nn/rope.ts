import { tf } from "../engine/mod.ts";
import { withGradient } from "./gradient.ts";

/** Cosine and sine of every token's rotation angles, each angle twice in a row. */
export interface RopeTable {
  /** `[N, C]` */
  readonly cos: tf.Tensor;
  /** `[N, C]` */
  readonly sin: tf.Tensor;
}

/** The same as plain numbers, to be kept and turned into tensors where they are needed. */
export interface RopeAngles {
  /** Of both tables. */
  readonly shape: readonly [tokens: number, width: number];
  /** Cosines in row-major order. */
  readonly cos: Float32Array;
  /** Sines in row-major order. */
  readonly sin: Float32Array;
}

/**
 * Compute the angles of a rotary embedding over several axes (Su et al. 2021), in doubles.
 *
 * Axis `a` of width `D` owns `D / 2` pairs of channels; pair `j` turns by `id 10000^(-2 j / D)`.
 *
 * @param ids One row per token, one position per axis. FLUX: (0, row, column); (0, 0, 0) for text, which is not turned.
 * @param axesWidths Channels of each axis, even; their sum is the head width. FLUX: (16, 56, 56).
 * @returns Tables of one row per token.
 * @throws {RangeError} If a width is odd, or a row has another number of positions than there are axes.
 */
export function ropeAngles(ids: readonly (readonly number[])[], axesWidths: readonly number[]): RopeAngles {
  for (const width of axesWidths) {
    if (!Number.isInteger(width) || width < 0 || width % 2 !== 0) {
      throw new RangeError(`Cannot build rotary table as axis widths must be even: current value is ${axesWidths}`);
    }
  }
  const width = axesWidths.reduce((sum, axis) => sum + axis, 0);
  const cos = new Float32Array(ids.length * width), sin = new Float32Array(ids.length * width);
  ids.forEach((row, token) => {
    if (row.length !== axesWidths.length) {
      throw new RangeError(
        `Cannot build rotary table as every token needs ${axesWidths.length} positions: current value is [${row}]`,
      );
    }
    let channel = token * width;
    axesWidths.forEach((axis, a) => {
      for (let pair = 0; pair < axis; pair += 2, channel += 2) {
        const angle = row[a] * Math.pow(10000, -pair / axis);
        cos[channel] = cos[channel + 1] = Math.cos(angle);
        sin[channel] = sin[channel + 1] = Math.sin(angle);
      }
    });
  });
  return { shape: [ids.length, width], cos, sin };
}

/**
 * Build the tensors of a rotary embedding; see {@linkcode ropeAngles}.
 *
 * @param ids One row per token, one position per axis; or angles that were computed before.
 * @param axesWidths Channels of each axis; not read when `ids` are angles.
 * @returns Two fresh tensors, `[N, sum of axesWidths]`.
 * @throws {RangeError} If a width is odd, or a row has another number of positions than there are axes.
 */
export function ropeTable(
  ids: readonly (readonly number[])[] | RopeAngles,
  axesWidths: readonly number[] = [],
): RopeTable {
  const { cos, sin, shape } = "cos" in ids ? ids : ropeAngles(ids, axesWidths);
  return { cos: tf.tensor2d(cos, [...shape]), sin: tf.tensor2d(sin, [...shape]) };
}

/**
 * Turn adjacent pairs of channels by each token's angles: `(a, b)` becomes `(a cos - b sin, b cos + a sin)`.
 *
 * @param x Queries or keys. `[..., N, C]`
 * @param table From {@linkcode ropeTable}, of N tokens and C channels.
 * @returns Turned values, of the shape of `x`.
 */
export function applyRope(x: tf.Tensor, table: RopeTable): tf.Tensor {
  const width = x.shape[x.shape.length - 1];
  return withGradient([x], (x) => {
    const turn = quarterTurn(width);
    const turned = x.reshape([-1, width]).matMul(turn).reshape(x.shape);
    return { value: x.mul(table.cos).add(turned.mul(table.sin)), saved: [turn, table.cos, table.sin] };
  }, (dy, [turn, cos, sin]) => {
    const turned = dy.mul(sin).reshape([-1, width]).matMul(turn, false, true).reshape(dy.shape);
    return [dy.mul(cos).add(turned)];
  });
}

/** The matrix that sends every row's pairs (a, b) to (-b, a): one product instead of strided slices. */
function quarterTurn(width: number): tf.Tensor2D {
  const turn = new Float32Array(width * width);
  for (let j = 0; j < width; j += 2) {
    turn[(j + 1) * width + j] = -1;
    turn[j * width + j + 1] = 1;
  }
  return tf.tensor2d(turn, [width, width]);
}
