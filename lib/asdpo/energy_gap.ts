import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";
import { type FrequencyUnit, sobolevEnergy } from "../sobolev/mod.ts";

/** How the energy of a residual is measured. */
export interface EnergyMetric {
  /** Sobolev index, at least 0; the paper's is 1.5, and 0 is Euclidean. */
  readonly s: number;
  /** Unit of the frequencies. Default `index`: the integer DCT index, as Eq. 4 reads. */
  readonly unit?: FrequencyUnit;
  /**
   * `mean` (default): mean-1 weights and a mean over height, width and channels, for which beta 2000 is the default. `sum`:
   * raw weights and a sum, as the paper writes it; its margins are larger by height x width x channels times the mean
   * weight: 6e7 for 32 px and 2e9 for 64 px in RGB at s = 1.5.
   */
  readonly reduction?: "mean" | "sum";
}

/**
 * Compute the residual of a velocity field (Eq. 9).
 *
 * @param v Predicted velocity. `[B, H, W, C]`
 * @param u Target velocity, `x1 - x0` of the path that the state lies on. `[B, H, W, C]`
 * @returns `v - u`. `[B, H, W, C]`
 * @throws {RangeError} If the shapes disagree.
 */
export function residual(v: tf.Tensor4D, u: tf.Tensor4D): tf.Tensor4D {
  axes([v, "B H W C"], [u, "B H W C"]);
  return v.sub(u);
}

/** Energies of two residuals at the same states, and their difference, each `[B]`. */
export type EnergyGap = {
  /** `policy - reference`. */
  readonly gap: tf.Tensor1D;
  readonly policy: tf.Tensor1D;
  readonly reference: tf.Tensor1D;
};

/**
 * Compute the Sobolev energy gap between policy and reference (Eqs. 14 and 28).
 *
 * Negative where the policy fits the state better than the reference. Minus half of it, over eta^2, is the logarithm of
 * the likelihood ratio of Eq. 26.
 *
 * @param policy Residual of the policy. `[B, H, W, C]`
 * @param reference Residual of the reference at the same states. `[B, H, W, C]`
 * @returns `||policy||^2 - ||reference||^2` in H^s, and both terms.
 * @throws {RangeError} If the shapes disagree or `s` is negative.
 */
export function energyGap(policy: tf.Tensor4D, reference: tf.Tensor4D, metric: EnergyMetric): EnergyGap {
  axes([policy, "B H W C"], [reference, "B H W C"]);
  const { s, unit = "index", reduction = "mean" } = metric;
  return tf.tidy(() => {
    const [ours, theirs] = [policy, reference].map((gamma) => sobolevEnergy(gamma, s, { unit, reduction }));
    return { gap: ours.sub(theirs), policy: ours, reference: theirs };
  });
}
