import { tf } from "../engine/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";

/**
 * One step of an ODE solver: from the state at time t to the state at t + dt.
 *
 * A pure function of tensors, so that it can be traced once and run for every step of every step count.
 *
 * @param field Velocity to follow.
 * @param x State. `[B, H, W, C]`
 * @param t Time of the state. `[]`
 * @param dt Size of the step. `[]`
 * @param c Condition. `[B, H, W, C]`
 * @returns The next state. `[B, H, W, C]`
 */
export type Solver = (field: VelocityField, x: tf.Tensor4D, t: tf.Scalar, dt: tf.Scalar, c: tf.Tensor4D) => tf.Tensor4D;

/** Follow the velocity at the start of the step: order 1, one evaluation; see {@link Solver}. */
export function euler(
  field: VelocityField,
  x: tf.Tensor4D,
  t: tf.Scalar,
  dt: tf.Scalar,
  c: tf.Tensor4D,
): tf.Tensor4D {
  return x.add(field(x, spread(t, x), c).mul(dt));
}

/** Follow the velocity at the middle of the step: order 2, two evaluations; see {@link Solver}. */
export function midpoint(
  field: VelocityField,
  x: tf.Tensor4D,
  t: tf.Scalar,
  dt: tf.Scalar,
  c: tf.Tensor4D,
): tf.Tensor4D {
  const half: tf.Scalar = dt.div(2);
  const middle: tf.Tensor4D = x.add(field(x, spread(t, x), c).mul(half));
  return x.add(field(middle, spread(t.add(half), x), c).mul(dt));
}

/** Follow the mean velocity of the step's start and predicted end: order 2, two evaluations; see {@link Solver}. */
export function heun(
  field: VelocityField,
  x: tf.Tensor4D,
  t: tf.Scalar,
  dt: tf.Scalar,
  c: tf.Tensor4D,
): tf.Tensor4D {
  const start = field(x, spread(t, x), c);
  const end = field(x.add(start.mul(dt)), spread(t.add(dt), x), c);
  return x.add(start.add(end).mul(dt.div(2)));
}

/** The same time for every sample. `[] -> [B]` */
export function spread(t: tf.Scalar, x: tf.Tensor4D): tf.Tensor1D {
  return tf.zeros([x.shape[0]]).add(t);
}
