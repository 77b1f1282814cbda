import { tf } from "../engine/mod.ts";
import { withGradient } from "./gradient.ts";

/**
 * Normalise groups of neighbouring channels over space (Wu and He 2018), then scale and shift every channel.
 *
 * At most two arrays of the size of `x` exist at a time: the maps of an autoencoder are large.
 *
 * @param x Feature maps. `[B, H, W, C]`
 * @param weight Scale. `[C]`
 * @param bias Shift. `[C]`
 * @param options Number of groups, which must divide C, and what is added to the biased variance.
 * @returns Normalised maps. `[B, H, W, C]`
 * @throws {RangeError} If the number of groups does not divide the channels.
 */
export function groupNorm(
  x: tf.Tensor4D,
  weight: tf.Tensor,
  bias: tf.Tensor,
  options: { readonly groups?: number; readonly epsilon?: number } = {},
): tf.Tensor4D {
  const { groups = 32, epsilon = 1e-6 } = options;
  const [batch, height, width, channels] = x.shape;
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new RangeError(
      `Cannot normalise ${channels} channels as groups must divide them: current value is ${groups}`,
    );
  }
  /** Mean of every group, at each of its channels. `[B, H W, C] -> [B, 1, C]` */
  const groupMean = (maps: tf.Tensor) => {
    const mean = maps.mean(1).reshape([batch, groups, channels / groups]).mean(2, true);
    return mean.tile([1, 1, channels / groups]).reshape([batch, 1, channels]);
  };
  const rows = x.reshape([batch, height * width, channels]);
  return withGradient([rows, weight, bias], (x, weight, bias) => {
    const mean = groupMean(x);
    const inverse = tf.tidy(() => groupMean(tf.squaredDifference(x, mean)).add(epsilon).rsqrt());
    const factor = inverse.mul(weight);
    const value = tf.tidy(() => x.mul(factor).add(bias.sub(mean.mul(factor))));
    return { value, saved: [x, mean, inverse, weight] };
  }, (dy, [x, mean, inverse, weight]) => {
    const unit = x.sub(mean).mul(inverse);
    const product = dy.mul(unit), scaled = dy.mul(weight);
    const along = groupMean(product.mul(weight));
    return [
      scaled.sub(groupMean(scaled)).sub(unit.mul(along)).mul(inverse),
      product.sum([0, 1]),
      dy.sum([0, 1]),
    ];
  }).reshape([batch, height, width, channels]);
}
