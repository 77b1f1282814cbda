import { mapParams, type Params, tensorScope } from "../core/mod.ts";
import { type TensorTree, type tf, trace } from "../engine/mod.ts";
import { adamW, type Moments, type StepScalars } from "./adamw.ts";
import { clipByNorm, type Differentiate, globalNorm, type Loss, lossGradients } from "./gradients.ts";
import type { ResolvedAdamW } from "./options.ts";

/** Scalars that a micro-batch reports: the loss, its numbers, and the norm of the gradients so far. */
export type StepNumbers = Readonly<Record<string, tf.Scalar>>;

/** Gradients of a micro-batch, and the update that ends a step; they keep nothing of their arguments. */
export interface StepFunctions<B extends TensorTree> {
  /** Add the gradients of a micro-batch, over the number of micro-batches, to those before it. */
  accumulate(params: Params, sums: Params, batch: B): Promise<{ sums: Params; report: StepNumbers }>;
  /** Add those of the last one and take the step. */
  finish(
    state: Moments,
    sums: Params,
    batch: B,
    scalars: StepScalars,
  ): Promise<{ next: Moments; report: StepNumbers }>;
  /** Free the traced functions. */
  dispose(): void;
}

/**
 * Trace a loss: one function for forward, backward, clipping and AdamW; with accumulation, a second one adds the gradients
 * of the micro-batches before the last.
 *
 * @param lossOf Pure function of parameters and micro-batch.
 * @param options Of the optimizer.
 * @param accumulation Micro-batches a step, at least 1.
 */
export function tracedGradients<B extends TensorTree>(
  lossOf: (params: Params, batch: B) => Loss,
  options: ResolvedAdamW,
  accumulation: number,
): StepFunctions<B> {
  const addGradients = (params: Params, sums: Params, batch: B) => {
    const { loss, numbers, gradients } = lossGradients(params, (tensors) => lossOf(tensors, batch));
    return { sums: added(sums, gradients, accumulation), report: { ...numbers, loss } };
  };
  const accumulate = trace((params: Params, sums: Params, batch: B) => {
    const { sums: next, report } = addGradients(params, sums, batch);
    return { sums: next, report: { ...report, gradientNorm: globalNorm(next) } };
  }, { name: "gradients" });
  const finish = trace((state: Moments, sums: Params, batch: B, scalars: StepScalars) => {
    const { sums: next, report } = addGradients(state.params, sums, batch);
    return updated(state, next, scalars, options, report);
  }, { name: "step" });
  return {
    accumulate,
    finish,
    dispose() {
      accumulate.dispose();
      finish.dispose();
    },
  };
}

/**
 * The same for a loss whose gradients are awaited: only the sums and the update are traced.
 *
 * @param lossOf Pure function of parameters and micro-batch.
 * @param differentiate Finds its gradients.
 * @param options Of the optimizer.
 * @param accumulation Micro-batches a step, at least 1.
 */
export function awaitedGradients<B extends TensorTree>(
  lossOf: (params: Params, batch: B) => Loss,
  differentiate: Differentiate,
  options: ResolvedAdamW,
  accumulation: number,
): StepFunctions<B> {
  const add = trace((sums: Params, gradients: Params) => {
    const next = added(sums, gradients, accumulation);
    return { sums: next, gradientNorm: globalNorm(next) };
  }, { name: "sum of gradients" });
  const update = trace(
    (state: Moments, sums: Params, gradients: Params, scalars: StepScalars) =>
      updated(state, added(sums, gradients, accumulation), scalars, options, {}),
    { name: "update" },
  );
  return {
    async accumulate(params, sums, batch) {
      using scope = tensorScope();
      const { loss, numbers, gradients } = scope.own(await differentiate(params, (given) => lossOf(given, batch)));
      const { sums: next, gradientNorm } = await add(sums, gradients);
      return { sums: next, report: { ...scope.keep({ ...numbers, loss }), gradientNorm } };
    },
    async finish(state, sums, batch, scalars) {
      using scope = tensorScope();
      const { loss, numbers, gradients } = scope.own(
        await differentiate(state.params, (given) => lossOf(given, batch)),
      );
      const { next, report } = await update(state, sums, gradients, scalars);
      return { next, report: { ...scope.keep({ ...numbers, loss }), ...report } };
    },
    dispose() {
      add.dispose();
      update.dispose();
    },
  };
}

function added(sums: Params, gradients: Params, accumulation: number): Params {
  return mapParams(gradients, (gradient, name) => {
    const part = accumulation === 1 ? gradient : gradient.div<tf.Tensor>(accumulation);
    return name in sums ? sums[name].add<tf.Tensor>(part) : part;
  });
}

function updated(
  state: Moments,
  gradients: Params,
  scalars: StepScalars,
  options: ResolvedAdamW,
  report: StepNumbers,
): { next: Moments; report: StepNumbers } {
  const gradientNorm = globalNorm(gradients);
  const next = adamW(state, clipByNorm(gradients, gradientNorm, options.clipNorm), scalars, options);
  return { next, report: { ...report, gradientNorm } };
}
