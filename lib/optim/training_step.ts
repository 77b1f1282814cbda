import { disposeParams, type Params, tensorsOf, TrainingError } from "../core/mod.ts";
import type { TensorTree, tf } from "../engine/mod.ts";
import { stepScalars } from "./adamw.ts";
import type { ResolvedAdamW } from "./options.ts";
import { disposeTrainState, type TrainState } from "./state.ts";
import type { StepFunctions, StepNumbers } from "./step_functions.ts";

/**
 * Makes one micro-batch of fresh tensors; the training disposes them.
 *
 * @param step Optimizer steps done before, from 0.
 * @param micro Micro-batch within the step, from 0.
 */
export type BatchMaker<B extends TensorTree> = (step: number, micro: number) => B | Promise<B>;

/** Takes optimizer steps; owns its traced functions. */
export interface TrainingStep<B extends TensorTree> {
  /** Take one step and replace the tensors of the state; if it throws, the state is as before. Returns the numbers. */
  take(state: TrainState, batch: BatchMaker<B>): Promise<Record<string, number>>;
  /** Free the traced functions. */
  dispose(): void;
}

/**
 * Build the step of a training.
 *
 * The new state replaces the old one only after every loss and the gradient norm were found finite.
 *
 * @param functions Gradients and update; the step owns them.
 * @param options Of the optimizer.
 * @param accumulation Micro-batches a step, at least 1; gradients and numbers are their mean.
 * @returns A step, to be disposed.
 */
export function trainingStep<B extends TensorTree>(
  { accumulate, finish, dispose: disposeFunctions }: StepFunctions<B>,
  options: ResolvedAdamW,
  accumulation: number,
): TrainingStep<B> {
  const take = async (state: TrainState, batch: BatchMaker<B>): Promise<Record<string, number>> => {
    const { step, params, m, v } = state;
    const total: Record<string, number> = {};
    let sums: Params = {};
    try {
      for (let micro = 0; micro < accumulation - 1; micro++) {
        const made = await batch(step, micro);
        const added = await accumulate(params, sums, made).finally(() => dispose(made));
        disposeParams(sums);
        sums = added.sums;
        addTo(total, await readReport(added.report, step, micro), accumulation);
      }
      const made = await batch(step, accumulation - 1), scalars = stepScalars(step, options);
      const { next, report } = await finish({ params, m, v }, sums, made, scalars)
        .finally(() => dispose({ made, scalars }));
      const numbers = await readReport(report, step, accumulation - 1).catch((error) => {
        dispose(next);
        throw error;
      });
      disposeTrainState(state);
      Object.assign(state, next, { step: step + 1 });
      addTo(total, numbers, accumulation);
      return { ...total, gradientNorm: numbers.gradientNorm };
    } finally {
      disposeParams(sums);
    }
  };

  return { take, dispose: disposeFunctions };
}

/** Reads scalars and frees them. @throws {TrainingError} If the loss or the gradient norm is not finite. */
async function readReport(report: StepNumbers, step: number, micro: number): Promise<Record<string, number>> {
  const numbers = await readScalars(report);
  requireFinite({ loss: numbers.loss, "gradient norm": numbers.gradientNorm }, step, micro);
  return numbers;
}

function addTo(total: Record<string, number>, numbers: Readonly<Record<string, number>>, parts: number): void {
  for (const [name, value] of Object.entries(numbers)) total[name] = (total[name] ?? 0) + value / parts;
}

async function readScalars(scalars: Readonly<Record<string, tf.Scalar>>): Promise<Record<string, number>> {
  try {
    const read = Object.entries(scalars).map(async ([name, scalar]) => [name, (await scalar.data())[0]] as const);
    return Object.fromEntries(await Promise.all(read));
  } finally {
    dispose(scalars);
  }
}

function requireFinite(values: Readonly<Record<string, number>>, step: number, micro: number): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isFinite(value)) continue;
    throw new TrainingError(
      `Cannot take step ${step + 1} as the ${name} of its batch ${micro + 1} must be finite: current value is ${value}`,
    );
  }
}

function dispose(tree: TensorTree): void {
  for (const tensor of tensorsOf(tree)) tensor.dispose();
}
