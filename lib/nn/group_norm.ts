import { tf } from "../engine/mod.ts";

/**
 * Normalise groups of neighbouring channels over space (Wu and He 2018), then scale and shift every channel.
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
  const grouped = x.reshape([batch, height * width, groups, channels / groups]);
  const centred = grouped.sub(grouped.mean([1, 3], true));
  const unit = centred.mul(centred.square().mean([1, 3], true).add(epsilon).rsqrt());
  return unit.reshape<tf.Tensor4D>([batch, height, width, channels]).mul(weight).add(bias);
}
