import type { tf } from "../engine/mod.ts";
import type { StepReport } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { drawPairedBatch, type NegativeSource, type PairedBatch } from "../adversary/mod.ts";
import {
  allImages,
  drawFlowBatch,
  type DrawKey,
  type FlowBatch,
  loopSettings,
  type TrainingRun,
  type VelocityFamily,
} from "../flow/mod.ts";
import { train } from "../optim/mod.ts";
import { healthGate, type HealthOptions } from "./health.ts";
import { type ObjectiveOptions, preferenceObjective } from "./objective.ts";

/**
 * What a preference run trains, and against what. Arms of one `purpose` see the same times, and the same images and noise
 * where their negatives cover the same images and bring no noise of their own.
 */
export interface AsDpoOptions extends TrainingRun, ObjectiveOptions {
  /** The policy with its adapter open: `dualLora(...)`. */
  readonly policy: VelocityFamily;
  /** The frozen field that the policy starts from: `dualLora(...)`. */
  readonly reference: VelocityField;
  /** Where the losing sides come from. */
  readonly negatives: NegativeSource;
  /** When the run counts as unhealthy, and what happens then. */
  readonly health?: HealthOptions;
}

/**
 * Align a policy with its reference by adversarial Sobolev DPO (Eq. 18).
 *
 * Euclidean AS-DPO is `s = 0`; static, self and rollout negatives differ in `negatives` alone.
 *
 * @returns One report per optimizer step: `loss`, `gradientNorm`, `learningRate`, `accuracy`, `margin` (mean argument of
 *   the sigmoid), `winnerGap`, `loserGap`, `winnerEnergy`, `winnerGapMean` and `healthy` (1 or 0) of the health gate.
 * @throws {TrainingError} If a loss or gradient is not finite; the state keeps the last good values.
 */
export async function* asdpo(options: AsDpoOptions): AsyncGenerator<StepReport> {
  const { policy, reference, negatives, pairs, seed, batchSize, purpose = "asdpo", times = "uniform" } = options;
  const { health = {} } = options;
  const judge = healthGate(health);
  const images = allImages(pairs.count);
  const draw = (key: DrawKey): FlowBatch | PairedBatch =>
    negatives.kind === "stored"
      ? drawPairedBatch(pairs, negatives, key, times)
      : drawFlowBatch(pairs, key, { times, flips: false, images });
  const reports = train({
    ...loopSettings(options),
    batch: (step, micro) => draw({ seed, purpose, step, micro, batchSize }),
    loss: (params, batch) => {
      const { loss, accuracy, inside, winnerGap, loserGap, winnerEnergy } = preferenceObjective(
        { policy: policy(params), reference, negatives },
        batch,
        options,
      );
      const numbers = {
        accuracy,
        margin: inside.mean<tf.Scalar>(),
        winnerGap: winnerGap.mean<tf.Scalar>(),
        loserGap: loserGap.mean<tf.Scalar>(),
        winnerEnergy: winnerEnergy.mean<tf.Scalar>(),
      };
      return { loss, numbers };
    },
  });
  for await (const report of reports) {
    const { winnerGapMean, healthy } = judge(report.winnerGap);
    yield { ...report, winnerGapMean, healthy: Number(healthy) };
    if (!healthy && health.action === "stop") return;
  }
}
