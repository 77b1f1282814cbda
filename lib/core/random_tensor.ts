import { tf } from "../engine/mod.ts";
import type { Rng } from "./rng.ts";

/**
 * Draw a tensor of standard normal noise.
 *
 * @param source Moves along its stream.
 * @param shape Of the tensor.
 * @returns float32 values, the same on every engine.
 */
export function normalTensor<R extends tf.Rank>(source: Rng, shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.tensor<R>(source.normals(tf.util.sizeFromShape(shape)), shape);
}
