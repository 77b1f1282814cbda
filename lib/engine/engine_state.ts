import * as tf from "@tensorflow/tfjs";

/** Runs `work` in a tfjs scope and returns its result; if it throws, tfjs is left as it was, without a leaked tensor. */
export function inScope<T extends tf.TensorContainer>(work: () => T): T {
  const engine = tf.engine();
  const { state } = engine;
  const { gradientDepth, kernelDepth, activeTape } = state;
  const depth = state.scopeStack.length;
  engine.startScope();
  try {
    const result = work();
    engine.endScope(result);
    return result;
  } catch (error) {
    // A gradient that failed half-way leaves its own scopes and its tape open.
    while (state.scopeStack.length > depth) engine.endScope();
    Object.assign(state, { gradientDepth, kernelDepth, activeTape });
    throw error;
  }
}
