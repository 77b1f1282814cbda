import { tf } from "../engine/mod.ts";

/** What a forward pass hands over: its value, and the tensors that its gradient reads. */
export interface Forward {
  /** What the function returns. */
  readonly value: tf.Tensor;
  /** What its gradient needs. */
  readonly saved: readonly tf.Tensor[];
}

/**
 * Evaluate a function that brings its own gradient: fewer passes over memory than the sum of its operations' gradients.
 *
 * No second derivative goes through it, and no gradient reaches a tensor that `forward` closes over.
 *
 * @param inputs The tensors that may need a gradient.
 * @param forward The value, and what `backward` needs.
 * @param backward One gradient per input, of that input's shape, from the gradient of the value and the saved tensors.
 * @returns The value of `forward`.
 */
export function withGradient<Inputs extends readonly tf.Tensor[]>(
  inputs: Inputs,
  forward: (...inputs: Inputs) => Forward,
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  const custom = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = given[inputs.length] as tf.GradSaveFunc;
    const { value, saved } = forward(...given.slice(0, inputs.length) as unknown as Inputs);
    save([...saved]);
    return { value, gradFunc: backward };
  });
  return custom(...inputs);
}

/**
 * Sum a gradient over the axes along which a factor was broadcast.
 *
 * @param gradient Gradient of the broadcast product.
 * @param shape Shape of the factor; it broadcasts to that of `gradient`.
 * @returns The factor's gradient, of shape `shape`.
 */
export function sumTo(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], gradient.shape);
  return (axes.length > 0 ? gradient.sum(axes) : gradient).reshape([...shape]);
}
