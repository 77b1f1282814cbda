import type { StepReport } from "../core/mod.ts";
import { train } from "../optim/mod.ts";
import { drawFlowBatch } from "./batch.ts";
import { allImages } from "./draws.ts";
import type { VelocityFamily } from "./family.ts";
import { flowMatchingLoss, type LossMetric } from "./loss.ts";
import { straightPath } from "./path.ts";
import { loopSettings, type TrainingRun } from "./training_run.ts";

/** What supervised flow matching trains, and in which metric. */
export interface SftOptions extends TrainingRun, LossMetric {
  /** The field with its trainable parameters open: `fullWeights(...)` or `adapterOn(...)`. */
  readonly family: VelocityFamily;
  /** Random flips of image and condition. Default true. */
  readonly flips?: boolean;
}

/**
 * Train a velocity field by conditional flow matching (Eq. 2).
 *
 * One function for all supervised arms: "SFT continued" trains an adapter on the frozen base, "Sobolev-weighted SFT"
 * does so with a positive `s`. Every batch depends on (seed, purpose, step) alone, so an interrupted training that goes
 * on from its saved state ends with the same bytes.
 *
 * @returns One report per optimizer step, with `loss`, `gradientNorm` and `learningRate`.
 * @throws {TrainingError} If a loss or gradient is not finite; the state keeps the last good values.
 */
export function sft(options: SftOptions): AsyncGenerator<StepReport> {
  const { family, pairs, seed, batchSize, s, unit, purpose = "sft", times = "uniform", flips = true } = options;
  const { path = straightPath } = options;
  const images = allImages(pairs.count);
  return train({
    ...loopSettings(options),
    batch: (step, micro) => drawFlowBatch(pairs, { seed, purpose, step, micro, batchSize }, { times, flips, images }),
    loss: (params, { x0, x1, t, c }) => {
      const { xt, u } = path.point(x0, x1, t);
      return { loss: flowMatchingLoss(family(params)(xt, t, c), u, { s, unit }) };
    },
  });
}
