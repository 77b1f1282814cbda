import { cloneParams, disposeParams, type Params, zerosLikeParams } from "../core/mod.ts";

/**
 * Where a training stands. Its owner disposes it; `train` disposes the tensors of each step and puts new ones in their
 * place, so `state.params` must be read anew after a step.
 */
export interface TrainState {
  /** Optimizer steps done. */
  step: number;
  /** Parameters. */
  params: Params;
  /** First moments. */
  m: Params;
  /** Second moments. */
  v: Params;
}

/**
 * Start a training.
 *
 * @param params Copied: they stay with the caller.
 * @returns Step 0 with moments of zero, owned by the caller.
 */
export function createTrainState(params: Params): TrainState {
  return { step: 0, params: cloneParams(params), m: zerosLikeParams(params), v: zerosLikeParams(params) };
}

/** Dispose parameters and moments. */
export function disposeTrainState(state: Pick<TrainState, "params" | "m" | "v">): void {
  for (const params of [state.params, state.m, state.v]) disposeParams(params);
}
