import { type Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";
import type { ResolvedAdamW } from "./options.ts";
import { scheduleFactor } from "./schedule.ts";

/** Parameters and their moments. */
export type Moments = {
  /** Parameters. */
  readonly params: Params;
  /** First moments, under the same names. */
  readonly m: Params;
  /** Second moments, under the same names. */
  readonly v: Params;
};

/** What changes from step to step, as scalars, so that a traced step needs no new trace. */
export type StepScalars = {
  /** 1 - rate * weight decay. */
  readonly shrink: tf.Scalar;
  /** rate / (1 - beta1^t) */
  readonly stepSize: tf.Scalar;
  /** sqrt(1 - beta2^t) */
  readonly correction: tf.Scalar;
};

/**
 * Compute the learning rate of a step.
 *
 * @param step Optimizer steps done before, from 0.
 * @param options Of the optimizer.
 * @returns The rate in use, warm-up and decay included.
 */
export function learningRateAt(step: number, options: ResolvedAdamW): number {
  return options.learningRate * scheduleFactor(step, options);
}

/**
 * Compute the scalars of a step in doubles, as PyTorch does.
 *
 * @param step Optimizer steps done before, from 0.
 * @param options Of the optimizer.
 * @returns float32 scalars, owned by the caller.
 */
export function stepScalars(step: number, options: ResolvedAdamW): StepScalars {
  const rate = learningRateAt(step, options), [beta1, beta2] = options.betas;
  return {
    shrink: tf.scalar(1 - rate * options.weightDecay),
    stepSize: tf.scalar(rate / (1 - beta1 ** (step + 1))),
    correction: tf.scalar(Math.sqrt(1 - beta2 ** (step + 1))),
  };
}

/**
 * Take one step of AdamW (Loshchilov and Hutter 2019), in the order of PyTorch's `torch.optim.AdamW`.
 *
 * A parameter without gradient stays as it is, moments included: it is not decayed either, as in PyTorch.
 *
 * @param state Parameters and moments.
 * @param gradients Under the names of the parameters.
 * @param scalars Of this step.
 * @param options Of the optimizer.
 * @returns New tensors.
 */
export function adamW(
  state: Moments,
  gradients: Params,
  scalars: StepScalars,
  options: Pick<ResolvedAdamW, "betas" | "epsilon">,
): Moments {
  const params: Record<string, tf.Tensor> = {}, m: Record<string, tf.Tensor> = {}, v: Record<string, tf.Tensor> = {};
  const [beta1, beta2] = options.betas;
  for (const name of Object.keys(state.params)) {
    const gradient: tf.Tensor | undefined = gradients[name];
    if (gradient === undefined) {
      [params[name], m[name], v[name]] = [state.params[name], state.m[name], state.v[name]].map((x) => x.clone());
      continue;
    }
    m[name] = state.m[name].add(gradient.sub(state.m[name]).mul(1 - beta1));
    v[name] = state.v[name].mul(beta2).add(gradient.square().mul(1 - beta2));
    const denominator = v[name].sqrt().div(scalars.correction).add(options.epsilon);
    params[name] = state.params[name].mul(scalars.shrink).sub(m[name].div(denominator).mul(scalars.stepSize));
  }
  return { params, m, v };
}
