import { tf } from "../engine/mod.ts";
import { axes, tensorScope } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { predictEnd } from "./path.ts";
import type { Sampler, SampleRequest } from "./sampler.ts";

/**
 * Estimate the mean image given the condition: the mean of one-step predictions from several noises.
 *
 * At t = 0 the velocity of a well-fitted field is the mean image less the noise, so one step lands on the mean.
 *
 * @param noises One batch of noise per draw, each `[B, H, W, C]`; at least one.
 * @param c Condition. `[B, H, W, C]`
 * @returns The mean prediction. `[B, H, W, C]`
 * @throws {RangeError} If there is no noise or the shapes disagree.
 */
export function posteriorMean(field: VelocityField, noises: readonly tf.Tensor4D[], c: tf.Tensor4D): tf.Tensor4D {
  checkDraws(noises);
  return tf.tidy(() => {
    const start: tf.Tensor1D = tf.zeros([c.shape[0]]);
    return average(noises.map((x0) => predictEnd(x0, field(x0, start, c), start)));
  });
}

/**
 * Estimate the mean image of many conditions with a traced sampler: {@link posteriorMean} in batches.
 *
 * @param sampler A sampler of Euler's method: its single step is the one-step prediction.
 * @param noises One batch of noise per draw, each `[N, H, W, C]`; at least one.
 * @returns The mean prediction. `[N, H, W, C]`
 * @throws {RangeError} If there is no noise or the shapes disagree.
 */
export async function samplePosteriorMean(
  sampler: Sampler,
  noises: readonly tf.Tensor4D[],
  request: Omit<SampleRequest, "x0" | "steps">,
): Promise<tf.Tensor4D> {
  checkDraws(noises);
  using scope = tensorScope();
  const predictions: tf.Tensor4D[] = [];
  for (const x0 of noises) predictions.push(scope.own(await sampler.sample({ ...request, x0, steps: 1 })));
  return tf.tidy(() => average(predictions));
}

/**
 * Mix a sample with the mean: the straight line between the two ends of the distortion-perception curve (Blau and
 * Michaeli 2018; optimal for the Wasserstein distance by Freirich, Michaeli and Meir 2021).
 *
 * @param sample An ordinary multi-step sample. `[B, H, W, C]`
 * @param mean An estimate of the posterior mean. `[B, H, W, C]`
 * @param weight Weight of the sample, in [0, 1]; 1 leaves it alone.
 * @returns `weight * sample + (1 - weight) * mean`. `[B, H, W, C]`
 * @throws {RangeError} If the weight is outside [0, 1] or the shapes disagree.
 */
export function mix(sample: tf.Tensor4D, mean: tf.Tensor4D, weight: number): tf.Tensor4D {
  axes([sample, "B H W C"], [mean, "B H W C"]);
  if (!(weight >= 0 && weight <= 1)) {
    throw new RangeError(`Cannot mix a sample as its weight must be within 0 and 1: current value is ${weight}`);
  }
  return tf.tidy(() => sample.mul(weight).add(mean.mul(1 - weight)));
}

function average(xs: readonly tf.Tensor4D[]): tf.Tensor4D {
  return xs.reduce((sum, x) => sum.add(x)).div(xs.length);
}

function checkDraws(noises: readonly tf.Tensor4D[]): void {
  if (noises.length === 0) {
    throw new RangeError(
      "Cannot estimate the posterior mean as it needs at least one draw of noise: current value is 0",
    );
  }
}
