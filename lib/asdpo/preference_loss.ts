import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";

/** Strength of a preference. */
export interface PreferenceOptions {
  /** Inverse temperature, positive. The paper's 2000; diffusers' scripts have `beta / 2` in its place. */
  readonly beta: number;
  /** Factor of the loser's gap, in [0, 1]. Default 1: Eqs. 15 and 18. Below 1 the loser cannot outweigh the winner. */
  readonly rho?: number;
}

/** A preference loss and what it says of the batch. */
export type Preference = {
  /** Mean of `-log sigmoid(inside)`; the mean is outside the logarithm. `[]` */
  readonly loss: tf.Scalar;
  /** `beta (rho loserGap - winnerGap)`: positive where the pair is ordered rightly. `[B]` */
  readonly inside: tf.Tensor1D;
  /** Share of rightly ordered pairs; a tie counts one half. `[]` */
  readonly accuracy: tf.Scalar;
};

/**
 * Compute the preference loss of energy gaps (Eqs. 15, 18 and 29).
 *
 * The gaps enter as loser less winner, since a lower energy is a higher likelihood. With equal policy and reference the
 * loss is ln 2.
 *
 * @param winnerGap Energy gaps at the winners' states. `[B]`
 * @param loserGap Energy gaps at the losers' states. `[B]`
 * @throws {RangeError} If the shapes disagree, beta is not positive, or rho is outside [0, 1].
 */
export function preferenceLoss(
  winnerGap: tf.Tensor1D,
  loserGap: tf.Tensor1D,
  { beta, rho = 1 }: PreferenceOptions,
): Preference {
  axes([winnerGap, "B"], [loserGap, "B"]);
  if (!(beta > 0)) {
    throw new RangeError(`Cannot weigh a preference as beta must be positive: current value is ${beta}`);
  }
  if (!(rho >= 0 && rho <= 1)) {
    throw new RangeError(`Cannot weigh a preference as rho must be within 0 and 1: current value is ${rho}`);
  }
  return tf.tidy(() => {
    const inside: tf.Tensor1D = loserGap.mul(rho).sub(winnerGap).mul(beta);
    return {
      loss: tf.softplus(inside.neg()).mean<tf.Scalar>(), // -log sigmoid, exact where the sigmoid saturates
      inside,
      accuracy: inside.sign().add(1).div(2).mean<tf.Scalar>(),
    };
  });
}
