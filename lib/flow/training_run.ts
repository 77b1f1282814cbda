import type { TrainingPairs } from "../dataset/mod.ts";
import type { AdamWOptions, Differentiate, TrainState } from "../optim/mod.ts";
import type { ProbabilityPath } from "./path.ts";
import type { TimeLaw } from "./times.ts";

/** What every training of a velocity field needs, whatever it trains. */
export interface TrainingRun {
  /** Parameters and optimizer moments; the trainer replaces them step by step, the caller owns them. */
  readonly state: TrainState;
  /** AdamW, its schedule and its clipping. */
  readonly optimizer: AdamWOptions;
  /** Training images, or their latents. */
  readonly pairs: TrainingPairs;
  /** Seed of every draw. */
  readonly seed: number;
  /** Optimizer steps in all, those already in the state included. */
  readonly steps: number;
  /** Images in a micro-batch. */
  readonly batchSize: number;
  /** Micro-batches in a step. Default 1. */
  readonly accumulation?: number;
  /** Between noise and image, and what the field predicts on it. Default `straightPath`, the paper's. */
  readonly path?: ProbabilityPath;
  /** Distribution of the times. Default `uniform`, the paper's. */
  readonly times?: TimeLaw;
  /** Name of the random streams: runs that share it see the same draws. By default the trainer's own name. */
  readonly purpose?: string;
  /** Finds the gradients of a loss that cannot be traced: `awaitGradients` where weights are streamed. */
  readonly differentiate?: Differentiate;
  /** Stops cleanly after the current step. */
  readonly signal?: AbortSignal;
}

/** What the training loop takes of a run as it is, whatever is trained. */
export type LoopSettings = Pick<
  TrainingRun,
  "state" | "optimizer" | "accumulation" | "differentiate" | "steps" | "signal"
>;

/** Pick what the training loop takes of a run as it is; batches and loss are the trainer's own. */
export function loopSettings(run: LoopSettings): LoopSettings {
  const { state, optimizer, accumulation, differentiate, steps, signal } = run;
  return { state, optimizer, accumulation, differentiate, steps, signal };
}
