import * as tf from "./tf.ts";

/** Runs `work` in a tfjs scope and returns its result; if it throws, tfjs is left as it was, without a leaked tensor. */
export function inScope<T extends tf.TensorContainer>(work: () => T): T {
  const engine = tf.engine();
  const { state } = engine;
  const { gradientDepth, kernelDepth, activeTape } = state;
  const [scopes, recorded] = [state.scopeStack.length, activeTape?.length ?? 0];
  engine.startScope();
  try {
    const result = work();
    engine.endScope(result);
    return result;
  } catch (error) {
    // A gradient that fails half-way leaves open its scopes and its tape, with the tensors that this one keeps.
    const added = state.activeTape?.splice(state.activeTape === activeTape ? recorded : 0) ?? [];
    for (const node of added) node.saved?.forEach((tensor) => tensor.dispose());
    while (state.scopeStack.length > scopes) engine.endScope();
    Object.assign(state, { gradientDepth, kernelDepth, activeTape });
    throw error;
  }
}
