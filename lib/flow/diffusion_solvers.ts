import { tf } from "../engine/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { spread } from "./solvers.ts";
import { mixtureAt } from "./variance_preserving.ts";
import { perSample } from "./path.ts";

/**
 * Take a step of DDIM (Song et al. 2021) without noise, for a network that predicts the noise; see `Solver`.
 *
 * The last step ends at timestep 0, as in diffusers' `set_alpha_to_one: false`, so a little of the predicted noise stays.
 *
 * @param field Predicts the noise.
 * @param x State on the variance-preserving path. `[B, H, W, C]`
 * @param t Time of the state, that of a timestep. `[]`
 * @param dt To the time of the next timestep, or to 1. `[]`
 * @param c Condition. `[B, H, W, C]`
 * @returns The next state. `[B, H, W, C]`
 */
export function ddim(field: VelocityField, x: tf.Tensor4D, t: tf.Scalar, dt: tf.Scalar, c: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const now = spread(t, x), then = spread(t.add(dt), x);
    const { image, noise } = mixtureAt(then);
    return move(field, x, now, c, perSample(image), perSample(noise));
  });
}

/**
 * Take a step of Euler's method over the noise level `sigma = sqrt((1 - a) / a)` (Karras et al. 2022), for a network that
 * predicts the noise; see `Solver`.
 *
 * In the variables of the variance-preserving path it is {@linkcode ddim} that ends without noise: diffusers' state is
 * this one times `sqrt(sigma^2 + 1)`, which also is its first noise level.
 *
 * @param field Predicts the noise.
 * @param x State on the variance-preserving path. `[B, H, W, C]`
 * @param t Time of the state, that of a timestep. `[]`
 * @param dt To the time of the next timestep, or to 1. `[]`
 * @param c Condition. `[B, H, W, C]`
 * @returns The next state; at time 1 the predicted image. `[B, H, W, C]`
 */
export function eulerDiscrete(
  field: VelocityField,
  x: tf.Tensor4D,
  t: tf.Scalar,
  dt: tf.Scalar,
  c: tf.Tensor4D,
): tf.Tensor4D {
  return tf.tidy(() => {
    const now = spread(t, x), then = spread(t.add(dt), x);
    const { image, noise } = mixtureAt(then);
    const left = then.less(LAST_TIME).toFloat(); // 0 at the end, where no timestep is left
    const kept = image.mul(left).add(tf.sub(1, left)) as tf.Tensor1D;
    return move(field, x, now, c, perSample(kept), perSample(noise.mul(left)));
  });
}

/** Between the time of timestep 0, which is 0.999, and the end. */
const LAST_TIME = 0.9995;

/** To other factors of image and noise, along what the network predicts of both. */
function move(
  field: VelocityField,
  x: tf.Tensor4D,
  t: tf.Tensor1D,
  c: tf.Tensor4D,
  image: tf.Tensor4D,
  noise: tf.Tensor4D,
): tf.Tensor4D {
  const predicted = field(x, t, c), now = mixtureAt(t);
  const end: tf.Tensor4D = x.sub(predicted.mul(perSample(now.noise))).div(perSample(now.image));
  return end.mul(image).add(predicted.mul(noise));
}
