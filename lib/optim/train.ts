import { setImmediate } from "node:timers/promises";
import type { Params, StepReport } from "../core/mod.ts";
import type { TensorTree } from "../engine/mod.ts";
import { learningRateAt } from "./adamw.ts";
import type { Differentiate, Loss } from "./gradients.ts";
import { type AdamWOptions, resolveAdamW } from "./options.ts";
import type { TrainState } from "./state.ts";
import { awaitedGradients, tracedGradients } from "./step_functions.ts";
import { type BatchMaker, trainingStep } from "./training_step.ts";

/** What is trained, on what, and how long. */
export interface TrainOptions<B extends TensorTree> {
  /** Where the training stands; every step replaces its tensors. */
  readonly state: TrainState;
  /** AdamW, its schedule and its clipping. */
  readonly optimizer: AdamWOptions;
  /** Micro-batches a step, at least 1 (the default); gradients and numbers are their mean. */
  readonly accumulation?: number;
  /** Steps in all, those that the state has done included. */
  readonly steps: number;
  /** Makes one micro-batch of fresh tensors, which the training disposes. It must depend on its arguments alone. */
  readonly batch: BatchMaker<B>;
  /** Pure function of parameters and micro-batch, traced once; frozen tensors are closed over. */
  readonly loss: (params: Params, batch: B) => Loss;
  /** Finds the gradients of a loss that cannot be traced; by default the loss is traced with the whole step. */
  readonly differentiate?: Differentiate;
  /** Ends the training after the step under way. */
  readonly signal?: AbortSignal;
}

/**
 * Train parameters with AdamW: the one training loop of the project.
 *
 * A step is run only when the next value is asked for, and is complete when it is yielded, so a consumer may stop, save the
 * state or measure between any two steps. A training that was stopped goes on from `state.step` with the same bytes as an
 * uninterrupted one, on the same engine and number of threads.
 *
 * @param options What is trained, on what, and how long.
 * @returns After each step: the loss, the numbers of the loss, `gradientNorm` before clipping, and `learningRate`.
 * @throws {TrainingError} If a loss or gradient is not finite; step and micro-batch are named, counted from 1, and the
 * state keeps the values of the step before.
 * @throws {RangeError} If an option is out of range.
 */
export async function* train<B extends TensorTree>(options: TrainOptions<B>): AsyncGenerator<StepReport> {
  const { state, steps, signal, accumulation = 1 } = options;
  for (const [name, value, least] of [["steps", steps, 0], ["accumulation", accumulation, 1]] as const) {
    if (!(Number.isInteger(value) && value >= least)) {
      throw new RangeError(
        `Cannot train as ${name} must be a whole number, at least ${least}: current value is ${value}`,
      );
    }
  }
  const optimizer = resolveAdamW(options.optimizer, steps);
  const { loss, differentiate } = options;
  const gradients = differentiate === undefined
    ? tracedGradients(loss, optimizer, accumulation)
    : awaitedGradients(loss, differentiate, optimizer, accumulation);
  const step = trainingStep(gradients, optimizer, accumulation);
  try {
    while (state.step < steps && !signal?.aborted) {
      const learningRate = learningRateAt(state.step, optimizer);
      const numbers = await step.take(state, options.batch);
      yield { ...numbers, learningRate, step: state.step, steps };
      await setImmediate(); // lets signals and timers in, also where a step is synchronous
    }
  } finally {
    step.dispose();
  }
}
