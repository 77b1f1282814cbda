import { tf } from "../engine/mod.ts";
import type { StepReport } from "../core/mod.ts";
import { loopSettings, straightPath, type TrainingRun, type VelocityFamily } from "../flow/mod.ts";
import { train } from "../optim/mod.ts";
import type { StoredNegatives } from "./negatives.ts";
import { drawPairedBatch } from "./pairs.ts";

/** What the adversary trains, and on what. */
export interface AdversaryOptions extends TrainingRun {
  /** The adversary with its trainable parameters open, usually an adapter on the frozen base. */
  readonly family: VelocityFamily;
  /** What to imitate: `artifactNegatives(...)`, or rollouts of the reference. */
  readonly targets: StoredNegatives;
}

/**
 * Train an adversary to lead a winner's state to an artifact (Sec. 4.1): Eq. 16 fitted directly.
 *
 * The loss is the mean of `(xt + (1 - t) v(xt, t, c) - artifact)^2`, with the state on the path of the true image. The
 * paper does not print its loss; plain flow matching on the artifacts' own paths gives an adversary that, at the
 * winner's state, hardly differs from the reference. On another path the forecast is that path's.
 *
 * @returns One report per optimizer step, with `loss`, `gradientNorm` and `learningRate`.
 * @throws {TrainingError} If a loss or gradient is not finite; the state keeps the last good values.
 */
export function trainAdversary(options: AdversaryOptions): AsyncGenerator<StepReport> {
  const { family, pairs, targets, seed, batchSize, purpose = "adversary", times = "uniform" } = options;
  const { path = straightPath } = options;
  return train({
    ...loopSettings(options),
    batch: (step, micro) => drawPairedBatch(pairs, targets, { seed, purpose, step, micro, batchSize }, times),
    loss: (params, { x0, x1, t, c, loser }) => {
      const { xt } = path.point(x0, x1, t);
      const predicted = path.predictEnd(xt, family(params)(xt, t, c), t);
      return { loss: tf.squaredDifference(predicted, loser).mean<tf.Scalar>() };
    },
  });
}
