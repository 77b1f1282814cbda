import type { tf } from "../engine/mod.ts";

/**
 * Pack latents as FLUX does: every 2 x 2 square becomes a token, channel by channel, in row-major order.
 *
 * @param latents `[B, H, W, C]`, H and W even.
 * @returns Value `4 channel + 2 row + column` of each token. `[B, H W / 4, 4 C]`
 */
export function packLatents(latents: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width, channels] = latents.shape;
  return latents.reshape([batch * height / 2, 2, width / 2, 2, channels])
    .transpose([0, 2, 4, 1, 3])
    .reshape([batch, height * width / 4, 4 * channels]);
}

/**
 * Put packed latents back together: the inverse of {@linkcode packLatents}.
 *
 * @param tokens `[B, N, 4 C]`
 * @param height Of the latents.
 * @param width Of the latents.
 * @returns Latents. `[B, height, width, C]`
 */
export function unpackLatents(tokens: tf.Tensor3D, height: number, width: number): tf.Tensor4D {
  const [batch, , values] = tokens.shape;
  return tokens.reshape([batch * height / 2, width / 2, values / 4, 2, 2])
    .transpose([0, 3, 1, 4, 2])
    .reshape([batch, height, width, values / 4]);
}
