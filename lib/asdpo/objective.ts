import { tf } from "../engine/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { coupledNegative, type NegativeSource, type PairedBatch } from "../adversary/mod.ts";
import { type FlowBatch, frozen, type PathPoint, type ProbabilityPath, straightPath } from "../flow/mod.ts";
import { energyGap, type EnergyMetric, residual } from "./energy_gap.ts";
import { preferenceLoss, type PreferenceOptions } from "./preference_loss.ts";

/** Metric of the energies, strength of the preference, and the path of the states. */
export interface ObjectiveOptions extends EnergyMetric, PreferenceOptions {
  /** Between noise and image. Default `straightPath`, the paper's. */
  readonly path?: ProbabilityPath;
}

/** The loss of a preference step and its diagnostics; gaps and energies are those of single pairs. */
export type Objective = {
  readonly loss: tf.Scalar;
  readonly accuracy: tf.Scalar;
  /** Argument of the sigmoid. `[B]` */
  readonly inside: tf.Tensor1D;
  /** Energy gap at the winner's state: the health of a run. `[B]` */
  readonly winnerGap: tf.Tensor1D;
  /** Energy gap at the negative's state. `[B]` */
  readonly loserGap: tf.Tensor1D;
  /** Energy of the policy at the winner's state. `[B]` */
  readonly winnerEnergy: tf.Tensor1D;
};

/** Who is compared on what: the policy with its parameters bound, the frozen reference, the negatives. */
export interface Contest {
  /** With its parameters bound. */
  readonly policy: VelocityField;
  /** Frozen. */
  readonly reference: VelocityField;
  /** Where the losing sides come from. */
  readonly negatives: NegativeSource;
}

/**
 * Evaluate the AS-DPO loss on a batch (Eq. 18).
 *
 * Winner and negative share noise, time and condition, and go through each network as one batch. Reference and adversary
 * are constants of the loss.
 *
 * @param batch For stored negatives it carries them as `loser`.
 * @throws {RangeError} If the shapes disagree, or a batch for stored negatives has none.
 */
export function preferenceObjective(
  { policy, reference, negatives }: Contest,
  batch: FlowBatch | PairedBatch,
  options: ObjectiveOptions,
): Objective {
  const { path = straightPath } = options;
  return tf.tidy(() => {
    const winner = path.point(batch.x0, batch.x1, batch.t);
    const loser = loserOf(negatives, winner, batch, path);
    const states = tf.concat([winner.xt, loser.xt]);
    const targets = tf.concat([winner.u, loser.u]);
    const t = tf.concat([batch.t, batch.t]), c = tf.concat([batch.c, batch.c]);
    const { gap, policy: energies } = energyGap(
      residual(policy(states, t, c), targets),
      residual(frozen(reference)(states, t, c), targets),
      options,
    );
    const [winnerGap, loserGap] = tf.split<tf.Tensor1D>(gap, 2);
    const [winnerEnergy] = tf.split<tf.Tensor1D>(energies, 2);
    return { ...preferenceLoss(winnerGap, loserGap, options), winnerGap, loserGap, winnerEnergy };
  });
}

function loserOf(
  negatives: NegativeSource,
  winner: PathPoint,
  batch: FlowBatch | PairedBatch,
  path: ProbabilityPath,
): PathPoint {
  const { x0, t, c } = batch;
  if (negatives.kind === "field") return coupledNegative(frozen(negatives.field), winner.xt, x0, t, c, path);
  if (!("loser" in batch)) {
    throw new RangeError("Cannot compare with stored negatives as the batch must carry them: current value is none");
  }
  return path.point(x0, batch.loser, t);
}
