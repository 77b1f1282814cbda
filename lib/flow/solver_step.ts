import { tf, trace } from "../engine/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { isAwaited, Replay } from "./awaited.ts";
import type { Solver } from "./solvers.ts";

/** A solver's step that may be taken many times. */
export interface SolverStep extends Disposable {
  /**
   * Take the step; the arguments stay the caller's.
   *
   * @param x State. `[B, H, W, C]`
   * @param t Time of the state. `[]`
   * @param dt Size of the step. `[]`
   * @param c Condition. `[B, H, W, C]`
   * @returns The next state, new. `[B, H, W, C]`
   */
  take(x: tf.Tensor4D, t: tf.Scalar, dt: tf.Scalar, c: tf.Tensor4D): Promise<tf.Tensor4D>;
}

/**
 * Prepare a solver's step on a velocity field: traced, or awaited value by value where the field has to be.
 *
 * The parameters behind the field must live until the step is disposed.
 *
 * @param field Velocity to follow.
 * @param solver As in `traceSampler`.
 */
export function solverStep(field: VelocityField, solver: Solver): SolverStep {
  if (isAwaited(field)) {
    return {
      async take(x, t, dt, c) {
        using replay = new Replay();
        return await replay.run(() => tf.tidy(() => solver(field, x, t, dt, c)));
      },
      [Symbol.dispose]: () => {},
    };
  }
  const step = trace(
    (x: tf.Tensor4D, t: tf.Scalar, dt: tf.Scalar, c: tf.Tensor4D) => solver(field, x, t, dt, c),
    { name: "sampler" },
  );
  return { take: step, [Symbol.dispose]: () => step.dispose() };
}
