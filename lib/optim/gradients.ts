import { mapParams, type Params } from "../core/mod.ts";
import { tf } from "../engine/mod.ts";

/** What a loss returns: the scalar to lower, and other scalars to report. */
export type Loss = {
  /** To be lowered. */
  readonly loss: tf.Scalar;
  /** To be reported, by name. */
  readonly numbers?: Readonly<Record<string, tf.Scalar>>;
};

/** A loss with the gradients of the parameters that it depends on. */
export type LossGradients = {
  /** The loss. */
  readonly loss: tf.Scalar;
  /** What else the loss reports. */
  readonly numbers: Readonly<Record<string, tf.Scalar>>;
  /** By the names of the parameters; those without influence are left out. */
  readonly gradients: Params;
};

/** Differentiates a loss by parameters and may take its time: for a loss that cannot be traced. New tensors. */
export type Differentiate = (params: Params, lossOf: (params: Params) => Loss) => Promise<LossGradients>;

/**
 * Differentiate a loss by parameters.
 *
 * @param params To differentiate by.
 * @param lossOf Pure function of the parameters.
 * @returns New tensors.
 */
export function lossGradients(params: Params, lossOf: (params: Params) => Loss): LossGradients {
  return tf.tidy(() => {
    const names = Object.keys(params);
    let numbers: Readonly<Record<string, tf.Scalar>> = {};
    const forward = (...tensors: tf.Tensor[]): tf.Scalar => {
      const result = lossOf(Object.fromEntries(names.map((name, i) => [name, tensors[i]])));
      numbers = mapParams(result.numbers ?? {}, (number) => tf.keep(number.clone())); // past the scopes of the gradient
      return result.loss;
    };
    try {
      const { value, grads } = tf.engine().gradients(
        () => forward(...names.map((name) => params[name])),
        names.map((name) => params[name]),
        undefined,
        true,
      );
      const found = names.flatMap((name, i): [string, tf.Tensor][] => grads[i] ? [[name, grads[i]]] : []);
      return {
        loss: value as tf.Scalar,
        numbers: mapParams(numbers, (number) => number.clone()),
        gradients: Object.fromEntries(found),
      };
    } finally {
      tf.dispose(numbers);
    }
  });
}

/**
 * Measure the global norm of gradients.
 *
 * @param gradients Any number of tensors.
 * @returns The root of the sum of all squares. Scalar.
 */
export function globalNorm(gradients: Params): tf.Scalar {
  return tf.tidy(() => {
    // Added in the order of the names: a state read from a file may list them otherwise, and must give the same bits.
    const squares = Object.keys(gradients).sort().map((name) => gradients[name].square().sum<tf.Scalar>());
    return squares.length === 0 ? tf.scalar(0) : tf.addN(squares).sqrt();
  });
}

/**
 * Clip gradients by their global norm, as PyTorch's `clip_grad_norm_`: all are scaled by min(1, limit / (norm + 1e-6)).
 *
 * @param gradients Any number of tensors.
 * @param norm Their global norm.
 * @param limit Largest norm; null leaves them as they are.
 * @returns The gradients, new where they are scaled.
 */
export function clipByNorm(gradients: Params, norm: tf.Scalar, limit: number | null): Params {
  if (limit === null) return gradients;
  const factor = tf.minimum(tf.div(limit, norm.add(1e-6)), 1);
  return mapParams(gradients, (gradient) => gradient.mul(factor));
}
