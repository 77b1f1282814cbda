import * as tf from "./tf.ts";
import { isBfloat16 } from "./bfloat16.ts";
import { nativeBackend } from "./current.ts";

/**
 * Computes `f(...xs)` and keeps only `xs` for the gradient, which computes `f` again (Chen et al., 2016).
 *
 * The same gradients for about a third more time and the memory of one `f` at a time. In a traced step the second
 * computation waits for the gradient that needs it: TensorFlow would otherwise merge it with the first.
 *
 * @param f Pure function; every tensor that needs a gradient must be among its arguments.
 * @param xs Arguments of `f`. Those held as bfloat16 are frozen: they get no gradient and belong to the caller until the
 * gradient has been computed.
 * @returns A tensor that the caller owns.
 */
export function checkpoint(f: (...xs: tf.Tensor[]) => tf.Tensor, xs: readonly tf.Tensor[]): tf.Tensor {
  const held = xs.filter(isBfloat16);
  const call = (given: readonly tf.Tensor[], frozen: readonly tf.Tensor[]) => {
    let nextGiven = 0, nextFrozen = 0;
    return f(...xs.map((x) => isBfloat16(x) ? frozen[nextFrozen++] : given[nextGiven++]));
  };
  const run = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const inputs = args as tf.Tensor[];
    save(inputs);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const engine = tf.engine();
      const again = delayed(saved, dy), heldAgain = delayed(held, dy);
      const outerTape = engine.state.activeTape;
      try {
        const { grads } = engine.gradients(() => call(again, heldAgain), again, dy, true);
        // The arguments that f does not use have no gradient.
        return grads.map((gradient, index) => gradient ?? tf.zerosLike(again[index]));
      } finally {
        // A gradient inside a gradient drops the outer tape.
        engine.state.activeTape = outerTape;
      }
    };
    return { value: call(inputs, held), gradFunc };
  });
  return run(...xs.filter((x) => !isBfloat16(x)));
}

/**
 * Put off what is computed of some tensors until another one has been computed. In a traced step TensorFlow runs whatever
 * is ready, so that independent parts would all be in memory at once; run eagerly, parts follow each other anyway.
 *
 * @param tensors They stay as they are.
 * @param signal What to wait for.
 * @returns The same values, not before `signal` has been computed; outside of a trace the tensors themselves. No gradient
 * goes through it.
 */
export function delayed(tensors: readonly tf.Tensor[], signal: tf.Tensor): tf.Tensor[] {
  const backend = nativeBackend();
  const recorder = backend?.engine.recorder;
  if (backend === undefined || recorder === undefined) return [...tensors];
  const [id] = backend.idsOf([signal]);
  return recorder.after(id, () => tensors.map((tensor) => backend.identity(tensor)));
}
