import { tf } from "../engine/mod.ts";
import { batchOf, type PairSet } from "../dataset/mod.ts";
import { type AdamWOptions, train, type TrainState } from "../optim/mod.ts";
import { rng, type StepReport } from "../core/mod.ts";
import { lowResolution } from "./restore_pairs.ts";
import { smallRestorer } from "./small.ts";

/** What the small restorer is trained on. */
export interface RestorerTrainingOptions {
  /** Parameters of `initSmallRestorer` and their moments; the caller owns them. */
  readonly state: TrainState;
  /** AdamW, its schedule and its clipping. */
  readonly optimizer: AdamWOptions;
  /** Training images. */
  readonly pairs: PairSet;
  /** Seed of the batches. */
  readonly seed: number;
  /** Optimizer steps in all, those already in the state included. */
  readonly steps: number;
  /** Images in a batch. */
  readonly batchSize: number;
  /** Stops cleanly after the current step. */
  readonly signal?: AbortSignal;
}

/**
 * Train the small restorer by the mean absolute error.
 *
 * @returns One report per optimizer step, with `loss`, `gradientNorm` and `learningRate`.
 * @throws {TrainingError} If a loss or gradient is not finite; the state keeps the last good values.
 */
export function trainSmallRestorer(options: RestorerTrainingOptions): AsyncGenerator<StepReport> {
  const { state, optimizer, pairs, seed, steps, batchSize, signal } = options;
  return train({
    state,
    optimizer,
    steps,
    signal,
    batch: (step) => {
      const images = Array.from(
        { length: batchSize },
        (_, item) => rng(seed, "restorer/image", step, item).int(pairs.count),
      );
      const { x1, c } = batchOf(pairs, images);
      c.dispose();
      return { lr: lowResolution(pairs, images), x1 };
    },
    loss: (params, { lr, x1 }) => ({ loss: tf.abs(smallRestorer(params)(lr).sub(x1)).mean<tf.Scalar>() }),
  });
}
