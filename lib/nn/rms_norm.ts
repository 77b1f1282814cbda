import { tf } from "../engine/mod.ts";
import { sumTo, withGradient } from "./gradient.ts";

/**
 * Divide the last axis by its root mean square and scale it (Zhang and Sennrich 2019).
 *
 * @param x Values. `[..., C]`
 * @param weight Learned scale: `[C]`, or any shape that broadcasts to that of `x`.
 * @param epsilon Added to the mean square.
 * @returns Scaled values, of the shape of `x`.
 */
export function rmsNorm(x: tf.Tensor, weight: tf.Tensor, epsilon = 1e-6): tf.Tensor {
  return withGradient([x, weight], (x, weight) => {
    const inverse = x.square().mean(-1, true).add(epsilon).rsqrt();
    const unit = x.mul(inverse);
    return { value: unit.mul(weight), saved: [unit, inverse, weight] };
  }, (dy, [unit, inverse, weight]) => {
    const product = dy.mul(unit);
    const along = product.mul(weight).mean(-1, true);
    return [dy.mul(weight).sub(unit.mul(along)).mul(inverse), sumTo(product, weight.shape)];
  });
}
