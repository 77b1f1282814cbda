import { tf } from "../engine/mod.ts";

/**
 * Cut images into square patches, one token each, in row-major order.
 *
 * @param x Images. `[B, H, W, C]`
 * @param size Side of a patch; it divides H and W.
 * @returns Tokens whose values are ordered by row, column and channel within the patch. `[B, H W / size^2, size^2 C]`
 */
export function patchify(x: tf.Tensor4D, size: number): tf.Tensor3D {
  const [batch, height, width, channels] = x.shape;
  const rows = height / size, columns = width / size;
  return x.reshape([batch, rows, size, columns, size * channels])
    .transpose([0, 1, 3, 2, 4])
    .reshape([batch, rows * columns, size * size * channels]);
}

/**
 * Put patches back together: the inverse of {@linkcode patchify}.
 *
 * @param tokens `[B, N, size^2 C]`
 * @param size Side of a patch.
 * @param height Of the image, in pixels.
 * @param width Of the image, in pixels.
 * @returns Images. `[B, height, width, C]`
 */
export function unpatchify(tokens: tf.Tensor3D, size: number, height: number, width: number): tf.Tensor4D {
  const [batch, , values] = tokens.shape;
  const rows = height / size, columns = width / size, channels = values / (size * size);
  return tokens.reshape([batch, rows, columns, size, size * channels])
    .transpose([0, 1, 3, 2, 4])
    .reshape([batch, height, width, channels]);
}
