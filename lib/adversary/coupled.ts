import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { type PathPoint, type ProbabilityPath, straightPath } from "../flow/mod.ts";

/** A negative on the noise of its winner. */
export interface CoupledNegative extends PathPoint {
  /** The degraded image that the adversary predicts. `[B, H, W, C]` */
  readonly x1: tf.Tensor4D;
}

/**
 * Synthesise a coupled negative from the winner's state (Eqs. 16-17).
 *
 * The adversary's velocity is followed to t = 1 in one stride, and the image found there is put back on the path from
 * the winner's own noise, so that winner and negative share noise and time. With the reference as the field this is the
 * self-negative.
 *
 * The target is that of the negative's own path, `x1 - x0`: what Eq. 9 compares a velocity with at the negative's state.
 *
 * @param field Adversary.
 * @param xt The winner's state (Eq. 1). `[B, H, W, C]`
 * @param x0 The winner's noise. `[B, H, W, C]`
 * @param t Times. `[B]`
 * @param c Conditions. `[B, H, W, C]`
 * @param path What the field was trained on. Default: the straight path.
 * @throws {RangeError} If the shapes disagree.
 */
export function coupledNegative(
  field: VelocityField,
  xt: tf.Tensor4D,
  x0: tf.Tensor4D,
  t: tf.Tensor1D,
  c: tf.Tensor4D,
  path: ProbabilityPath = straightPath,
): CoupledNegative {
  axes([xt, "B H W C"], [x0, "B H W C"], [t, "B"], [c, "B I J D"]);
  return tf.tidy(() => {
    const x1 = path.predictEnd(xt, field(xt, t, c), t);
    const { xt: state, u } = path.point(x0, x1, t);
    return { x1, xt: state, u };
  });
}
