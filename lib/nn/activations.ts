import { tf } from "../engine/mod.ts";
import { withGradient } from "./gradient.ts";

/** 2 sqrt(2 / pi): the tanh form's argument, doubled, as (1 + tanh z) / 2 is sigmoid(2 z). */
const SLOPE = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = SLOPE * 0.044715;

/**
 * GELU in its tanh form (Hendrycks and Gimpel 2016), as in FLUX: `x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3))`.
 *
 * @param x Values of any shape.
 * @returns Activations, of the shape of `x`.
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  return withGradient([x], (x) => {
    const factor = x.square().mul(CUBIC).add(SLOPE);
    const gate = factor.mul(x).sigmoid();
    const value = x.mul(gate);
    return { value, saved: [factor, gate, value] };
  }, (dy, [factor, gate, value]) => {
    const slope = factor.mul(3).sub(2 * SLOPE); // of the sigmoid's argument
    return [tf.sub(1, gate).mul(value).mul(slope).add(gate).mul(dy)];
  });
}

/**
 * GELU in its exact form (Hendrycks and Gimpel 2016), as in the UNets and CLIP-G: `x (1 + erf(x / sqrt 2)) / 2`.
 *
 * @param x Values of any shape.
 * @returns Activations, of the shape of `x`.
 */
export function geluErf(x: tf.Tensor): tf.Tensor {
  return x.mul(x.mul(Math.SQRT1_2).erf().add(1)).mul(0.5);
}

/**
 * SiLU, also called swish: `x sigmoid(x)`.
 *
 * @param x Values of any shape.
 * @returns Activations, of the shape of `x`.
 */
export function silu(x: tf.Tensor): tf.Tensor {
  return withGradient([x], (x) => {
    const gate = x.sigmoid();
    const value = x.mul(gate);
    return { value, saved: [gate, value] };
  }, (dy, [gate, value]) => [tf.sub(1, gate).mul(value).add(gate).mul(dy)]);
}

/**
 * GELU as CLIP approximates it (Radford et al. 2021): `x sigmoid(1.702 x)`.
 *
 * @param x Values of any shape.
 * @returns Activations, of the shape of `x`.
 */
export function quickGelu(x: tf.Tensor): tf.Tensor {
  return x.mul(x.mul(1.702).sigmoid());
}

/**
 * Gate one half of the channels by the exact GELU of the other (Shazeer 2020): `value geluErf(gate)`.
 *
 * @param x Values, then gates. `[..., 2 C]`
 * @returns Gated values. `[..., C]`
 */
export function geglu(x: tf.Tensor): tf.Tensor {
  return withGradient([x], (x) => {
    const [value, gate] = tf.split(x, 2, -1);
    return { value: value.mul(geluErf(gate)), saved: [value, gate] };
  }, (dy, [value, gate]) => {
    const below = gate.mul(Math.SQRT1_2).erf().add(1).mul(0.5); // the normal distribution's share below the gate
    const density = gate.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
    return [tf.concat([dy.mul(gate.mul(below)), dy.mul(value).mul(gate.mul(density).add(below))], -1)];
  });
}
