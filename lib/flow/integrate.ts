import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { euler, heun, midpoint, type Solver } from "./solvers.ts";

/** Euler steps of the paper's inference (App. C.1). */
export const PAPER_STEPS = 28;

/**
 * Integrate a velocity field from noise (t = 0) to image (t = 1) in equal steps.
 *
 * Pure: it may be differentiated or traced as a whole. For images in numbers, `traceSampler` is faster.
 *
 * @param solver `euler`, `midpoint` or `heun`.
 * @param x0 Noise. `[B, H, W, C]`
 * @param c Condition. `[B, H, W, C]`
 * @param steps Steps, a positive integer.
 * @returns The state at t = 1. `[B, H, W, C]`
 * @throws {RangeError} If the shapes disagree or `steps` is not a positive integer.
 */
export function integrate(
  solver: Solver,
  field: VelocityField,
  x0: tf.Tensor4D,
  c: tf.Tensor4D,
  steps: number,
): tf.Tensor4D {
  axes([x0, "B H W C"], [c, "B I J D"]);
  checkSteps(steps);
  return tf.tidy(() => {
    let x: tf.Tensor4D = x0.clone();
    for (let k = 0; k < steps; k++) {
      x = tf.tidy(() => solver(field, x, tf.scalar(k / steps), tf.scalar(1 / steps), c));
    }
    return x;
  });
}

/** Sample by Euler's method, the paper's 28 steps unless told otherwise; see {@link integrate}. */
export function sampleEuler(
  field: VelocityField,
  x0: tf.Tensor4D,
  c: tf.Tensor4D,
  steps: number = PAPER_STEPS,
): tf.Tensor4D {
  return integrate(euler, field, x0, c, steps);
}

/** Sample by the midpoint method, two evaluations a step; see {@link integrate}. */
export function sampleMidpoint(field: VelocityField, x0: tf.Tensor4D, c: tf.Tensor4D, steps: number): tf.Tensor4D {
  return integrate(midpoint, field, x0, c, steps);
}

/** Sample by Heun's method, two evaluations a step; see {@link integrate}. */
export function sampleHeun(field: VelocityField, x0: tf.Tensor4D, c: tf.Tensor4D, steps: number): tf.Tensor4D {
  return integrate(heun, field, x0, c, steps);
}

/**
 * Check a number of solver steps.
 *
 * @throws {RangeError} If `steps` is not a positive integer.
 */
export function checkSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot integrate a velocity field as steps must be a positive integer: current value is ${steps}`,
    );
  }
}
