import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";

/** A linear map along one axis. */
export interface AxisMap {
  /** Row-major. `[to, from]` */
  readonly matrix: Float32Array;
  readonly from: number;
  readonly to: number;
}

/**
 * Map images linearly along their rows and columns, as two matrix products.
 *
 * @param x `[B, H, W, C]`
 * @param vertical From H.
 * @param horizontal From W.
 * @returns `[B, vertical.to, horizontal.to, C]`
 * @throws {RangeError} If a map does not start from the image's side.
 */
export function mapAxes(x: tf.Tensor4D, vertical: AxisMap, horizontal: AxisMap): tf.Tensor4D {
  axes([x, `B ${vertical.from} ${horizontal.from} C`]);
  return tf.tidy(() => {
    const rows = mapLast(x.transpose([0, 3, 2, 1]), vertical); // [B, C, W, H']
    return mapLast(rows.transpose([0, 1, 3, 2]), horizontal).transpose([0, 2, 3, 1]);
  });
}

function mapLast(x: tf.Tensor4D, { matrix, from, to }: AxisMap): tf.Tensor4D {
  const rows: tf.Tensor2D = x.reshape([-1, from]);
  const product = rows.matMul<tf.Tensor2D>(tf.tensor2d(matrix, [to, from]), false, true);
  return product.reshape([...x.shape.slice(0, 3), to] as [number, number, number, number]);
}
