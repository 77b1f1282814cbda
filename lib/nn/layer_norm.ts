import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import { sumTo, withGradient } from "./gradient.ts";

/**
 * Normalise the last axis to mean 0 and variance 1 (Ba et al. 2016), without learned scale and shift.
 *
 * The variance is the biased one. Add a learned scale and shift outside: `layerNorm(x).mul(weight).add(bias)`.
 *
 * @param x Values. `[..., C]`
 * @param epsilon Added to the variance; FLUX's blocks use 1e-6, transformers of text usually 1e-5.
 * @returns Normalised values, of the shape of `x`.
 */
export function layerNorm(x: tf.Tensor, epsilon = 1e-6): tf.Tensor {
  return withGradient([x], (x) => {
    const { unit, inverse } = standardise(x, epsilon);
    return { value: unit, saved: [unit, inverse] };
  }, (dy, [unit, inverse]) => [standardiseGradient(dy, dy.mul(unit), unit, inverse)]);
}

/**
 * Normalise the last axis, then scale and shift every channel as learned.
 *
 * @param params Hold `<module>.weight` and `<module>.bias`. `[C]`
 * @param module Name of the layer.
 * @param x Values. `[..., C]`
 * @param epsilon Added to the variance.
 * @returns Values of the shape of `x`.
 * @throws {RangeError} If the parameters are not there.
 */
export function affineLayerNorm(params: Params, module: string, x: tf.Tensor, epsilon = 1e-6): tf.Tensor {
  const weight = params[`${module}.weight`], bias = params[`${module}.bias`];
  if (weight === undefined || bias === undefined) {
    throw new RangeError(`Cannot normalise as weight and bias must be given: current value is ${module}`);
  }
  return layerNorm(x, epsilon).mul(weight).add(bias);
}

/**
 * Normalise the last axis and modulate it: `layerNorm(x) (1 + scale) + shift` (Peebles and Xie 2023, adaLN).
 *
 * @param x Tokens. `[B, N, C]`
 * @param scale Added to one. `[B, 1, C]`
 * @param shift Added last. `[B, 1, C]`
 * @param epsilon Added to the variance.
 * @returns Modulated tokens. `[B, N, C]`
 */
export function adaptiveLayerNorm(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor, epsilon = 1e-6): tf.Tensor {
  return withGradient([x, scale.add(1)], (x, factor) => {
    const { unit, inverse } = standardise(x, epsilon);
    return { value: unit.mul(factor), saved: [unit, inverse, factor] };
  }, (dy, [unit, inverse, factor]) => {
    const product = dy.mul(unit);
    return [
      standardiseGradient(dy.mul(factor), product.mul(factor), unit, inverse),
      sumTo(product, factor.shape),
    ];
  }).add(shift);
}

function standardise(x: tf.Tensor, epsilon: number): { unit: tf.Tensor; inverse: tf.Tensor } {
  const centred = x.sub(x.mean(-1, true));
  const inverse = centred.square().mean(-1, true).add(epsilon).rsqrt();
  return { unit: centred.mul(inverse), inverse };
}

/** `product` is `dy * unit`, which the caller may need as well. */
function standardiseGradient(dy: tf.Tensor, product: tf.Tensor, unit: tf.Tensor, inverse: tf.Tensor): tf.Tensor {
  return dy.sub(dy.mean(-1, true)).sub(unit.mul(product.mean(-1, true))).mul(inverse);
}
