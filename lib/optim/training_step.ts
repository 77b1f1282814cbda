import { disposeParams, mapParams, type Params, tensorsOf, TrainingError } from "../core/mod.ts";
import { type TensorTree, tf, trace } from "../engine/mod.ts";
import { adamW, type Moments, type StepScalars, stepScalars } from "./adamw.ts";
import { clipByNorm, globalNorm, type Loss, lossGradients } from "./gradients.ts";
import type { ResolvedAdamW } from "./options.ts";
import { disposeTrainState, type TrainState } from "./state.ts";

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

/** Scalars that a traced function reports. */
type Report = Readonly<Record<string, tf.Scalar>>;

/**
 * Build the step of a training: one traced function for forward, backward, clipping and AdamW. With accumulation, a second
 * one adds the gradients of the micro-batches before the last.
 *
 * The new state replaces the old one only after every loss and the gradient norm were found finite.
 *
 * @param lossOf Pure function of parameters and micro-batch.
 * @param options Of the optimizer.
 * @param accumulation Micro-batches a step, at least 1; gradients and numbers are their mean.
 * @returns A step, to be disposed.
 */
export function trainingStep<B extends TensorTree>(
  lossOf: (params: Params, batch: B) => Loss,
  options: ResolvedAdamW,
  accumulation: number,
): TrainingStep<B> {
  const addGradients = (params: Params, sums: Params, batch: B): { sums: Params; report: Report } => {
    const { loss, numbers, gradients } = lossGradients(params, (tensors) => lossOf(tensors, batch));
    const added = mapParams(gradients, (gradient, name) => {
      const part = accumulation === 1 ? gradient : gradient.div<tf.Tensor>(accumulation);
      return name in sums ? sums[name].add<tf.Tensor>(part) : part;
    });
    return { sums: added, report: { ...numbers, loss } };
  };
  const accumulate = trace((params: Params, sums: Params, batch: B) => {
    const added = addGradients(params, sums, batch);
    return { ...added, report: { ...added.report, gradientNorm: globalNorm(added.sums) } };
  }, { name: "gradients" });
  const finish = trace((state: Moments, sums: Params, batch: B, scalars: StepScalars) => {
    const added = addGradients(state.params, sums, batch);
    const gradientNorm = globalNorm(added.sums);
    const next = adamW(state, clipByNorm(added.sums, gradientNorm, options.clipNorm), scalars, options);
    return { next, report: { ...added.report, gradientNorm } };
  }, { name: "step" });

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

  return {
    take,
    dispose(): void {
      accumulate.dispose();
      finish.dispose();
    },
  };
}

/** Reads scalars and frees them. @throws {TrainingError} If the loss or the gradient norm is not finite. */
async function readReport(report: Report, step: number, micro: number): Promise<Record<string, number>> {
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
