import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";
import { type FrequencyUnit, sobolevEnergy } from "../sobolev/mod.ts";

/** The metric in which a velocity error is measured. */
export interface LossMetric {
  /** Sobolev index, at least 0. 0 (the default) is Euclidean: Eq. 2 as it stands. */
  readonly s?: number;
  /** Unit of the frequencies in the weights. Default `index`. */
  readonly unit?: FrequencyUnit;
}

/**
 * Compute the conditional flow-matching loss (Eq. 2), in H^s where `s` is positive.
 *
 * Weights have mean 1 and the energy is a mean over height, width and channels, so that s = 0 is the mean squared error
 * and the scale does not depend on s or on the size.
 *
 * @param v Predicted velocity. `[B, H, W, C]`
 * @param u Target velocity. `[B, H, W, C]`
 * @returns The mean over the batch. `[]`
 * @throws {RangeError} If the shapes disagree or `s` is negative.
 */
export function flowMatchingLoss(
  v: tf.Tensor4D,
  u: tf.Tensor4D,
  { s = 0, unit = "index" }: LossMetric = {},
): tf.Scalar {
  axes([v, "B H W C"], [u, "B H W C"]);
  return tf.tidy(() => sobolevEnergy(v.sub(u), s, { unit, reduction: "mean" }).mean<tf.Scalar>());
}
