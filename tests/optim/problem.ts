import { type Params, type StepReport } from "../../lib/core/mod.ts";
import { rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import type { Loss, TrainOptions } from "../../lib/optim/mod.ts";

/** A batch of the small problem of these tests. */
export type Batch = { readonly x: tf.Tensor2D; readonly y: tf.Tensor2D };

const size = 8, inputs = 3, outputs = 2;

/** Parameters of a linear layer, and one that the loss does not depend on. */
export function initialParams(): Params {
  const source = rng(1, "init");
  return {
    weight: tf.tensor2d(source.normals(inputs * outputs), [inputs, outputs]),
    bias: tf.tensor1d(source.normals(outputs)),
    unused: tf.tensor1d([0.5, -0]),
  };
}

/** Makes the part `micro` of `parts` of the batch of a step: the same examples however it is divided. */
export function batchOf(parts: number): (step: number, micro: number) => Batch {
  const part = size / parts;
  return (step, micro) => {
    const x = rng(2, "x", step).normals(size * inputs), y = rng(2, "y", step).normals(size * outputs);
    return {
      x: tf.tensor2d(x.slice(micro * part * inputs, (micro + 1) * part * inputs), [part, inputs]),
      y: tf.tensor2d(y.slice(micro * part * outputs, (micro + 1) * part * outputs), [part, outputs]),
    };
  };
}

/** Mean squared error; reports the largest error as a further number. */
export function loss(params: Params, { x, y }: Batch): Loss {
  const error = tf.matMul(x, params.weight as tf.Tensor2D).add(params.bias).sub(y);
  return { loss: error.square().mean<tf.Scalar>(), numbers: { largest: error.abs().max<tf.Scalar>() } };
}

/** Options of a short training of the small problem, without state. */
export const training: Omit<TrainOptions<Batch>, "state"> = {
  optimizer: { learningRate: 0.05, warmup: 2, decay: "cosine", clipNorm: 0.5 },
  steps: 6,
  batch: batchOf(1),
  loss,
};

/** Runs a training to its end. */
export async function reportsOf(training: AsyncGenerator<StepReport>): Promise<StepReport[]> {
  return await Array.fromAsync(training);
}
