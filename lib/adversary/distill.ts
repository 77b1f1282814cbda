import type { StepReport } from "../core/mod.ts";
import { flowMatchingLoss, loopSettings, straightPath, type TrainingRun, type VelocityFamily } from "../flow/mod.ts";
import { train } from "../optim/mod.ts";
import type { StoredNegatives } from "./negatives.ts";
import { drawPairedBatch } from "./pairs.ts";

/** What is distilled, and into what. */
export interface DistillOptions extends TrainingRun {
  /** The field with its trainable parameters open, usually an adapter on the frozen base. */
  readonly family: VelocityFamily;
  /** Images with the noise that each shall come from: `rolloutNegatives(bank, "own")` of samples or of mixes. */
  readonly targets: StoredNegatives;
}

/**
 * Train a field to lead the noise of a stored image straight to that image: flow matching on coupled pairs (Liu, Gong and
 * Liu 2022, "Flow straight and fast"). Not in the paper: it makes one network of a training-free mix.
 *
 * @returns One report per optimizer step, with `loss`, `gradientNorm` and `learningRate`.
 * @throws {TrainingError} If a loss or gradient is not finite; the state keeps the last good values.
 */
export function distill(options: DistillOptions): AsyncGenerator<StepReport> {
  const { family, pairs, targets, seed, batchSize, purpose = "distill", times = "uniform" } = options;
  const { path = straightPath } = options;
  return train({
    ...loopSettings(options),
    batch: (step, micro) => drawPairedBatch(pairs, targets, { seed, purpose, step, micro, batchSize }, times),
    loss: (params, { x0, t, c, loser }) => {
      const { xt, u } = path.point(x0, loser, t);
      return { loss: flowMatchingLoss(family(params)(xt, t, c), u) };
    },
  });
}
