import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { close } from "../support.ts";

type Function = (...inputs: tf.Tensor[]) => tf.Tensor;

/**
 * Fails unless a function has the value and the gradients of the formula it stands for, which tfjs differentiates.
 *
 * @param shapes Shapes of the random inputs.
 */
export function sameGradient(actual: Function, formula: Function, shapes: readonly (readonly number[])[]): void {
  const random = rng(7, "same gradient");
  const inputs = shapes.map((shape) => normalTensor(random, [...shape] as [number]));
  const value = actual(...inputs);
  close(value, formula(...inputs), { relative: 2e-6 });
  const upstream = normalTensor(random, value.shape as [number]);
  const expected = tf.grads(formula)(inputs, upstream);
  tf.grads(actual)(inputs, upstream).forEach((gradient, i) => close(gradient, expected[i], { relative: 5e-6 }));
}

/** Standard normal values. */
export function noise(...shape: number[]): tf.Tensor {
  return normalTensor(rng(8, "noise"), shape as [number]);
}
