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

type Sums = {
  readonly sums: Params;
  readonly norm: tf.Scalar;
  readonly loss: tf.Scalar;
  readonly numbers: Readonly<Record<string, tf.Scalar>>;
};

/**
 * Build the step of a training out of two traced functions: one adds the gradients of a micro-batch, one clips the sum and
 * applies AdamW. Nothing is applied before every loss and every gradient was found finite.
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
  const accumulate = trace((params: Params, sums: Params, batch: B): Sums => {
    const { loss, numbers, gradients } = lossGradients(params, (tensors) => lossOf(tensors, batch));
    const added = mapParams(gradients, (gradient, name) => {
      const part = accumulation === 1 ? gradient : gradient.div<tf.Tensor>(accumulation);
      return name in sums ? sums[name].add<tf.Tensor>(part) : part;
    });
    return { sums: added, norm: globalNorm(gradients), loss, numbers };
  }, { name: "gradients" });

  const apply = trace((state: Moments, sums: Params, scalars: StepScalars): { norm: tf.Scalar; next: Moments } => {
    const norm = globalNorm(sums);
    return { norm, next: adamW(state, clipByNorm(sums, norm, options.clipNorm), scalars, options) };
  }, { name: "update" });

  const takeMicro = async (state: TrainState, sums: Params, batch: BatchMaker<B>, micro: number): Promise<Sums> => {
    const made = await batch(state.step, micro);
    try {
      return await accumulate(state.params, sums, made);
    } finally {
      dispose(made);
      disposeParams(sums);
    }
  };

  const take = async (state: TrainState, batch: BatchMaker<B>): Promise<Record<string, number>> => {
    const total: Record<string, number> = {};
    let sums: Params = {};
    try {
      for (let micro = 0; micro < accumulation; micro++) {
        const { norm, loss, numbers, sums: next } = await takeMicro(state, sums, batch, micro);
        sums = next;
        const { gradientNorm, ...values } = await readScalars({ ...numbers, loss, gradientNorm: norm });
        requireFinite({ loss: values.loss, "gradient norm": gradientNorm }, state.step, micro);
        for (const [name, value] of Object.entries(values)) total[name] = (total[name] ?? 0) + value / accumulation;
      }
      const { step, params, m, v } = state;
      const scalars = stepScalars(step, options);
      try {
        const { norm, next } = await apply({ params, m, v }, sums, scalars);
        disposeTrainState(state);
        Object.assign(state, next, { step: step + 1 });
        return { ...total, gradientNorm: (await readScalars({ norm })).norm };
      } finally {
        dispose(scalars);
      }
    } finally {
      disposeParams(sums);
    }
  };

  return {
    take,
    dispose(): void {
      accumulate.dispose();
      apply.dispose();
    },
  };
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
