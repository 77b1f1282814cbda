import { tf } from "../engine/mod.ts";
import { withGradient } from "./gradient.ts";

/**
 * Double height and width by repeating every pixel, as PyTorch's nearest upsampling.
 *
 * With a gradient of its own: tfjs on WebAssembly lacks that of its resizing.
 *
 * @param x Feature maps. `[B, H, W, C]`
 * @returns Feature maps. `[B, 2 H, 2 W, C]`
 */
export function upsampleNearest(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  return withGradient([x], (x) => ({
    value: tf.image.resizeNearestNeighbor(x, [2 * height, 2 * width]),
    saved: [],
  }), (dy) => [tf.avgPool(dy as tf.Tensor4D, 2, 2, "valid").mul(4)]) as tf.Tensor4D;
}
