import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";

/**
 * Rearrange channels into pixels (Shi et al. 2016), with PyTorch's order of channels: colour, then row, then column.
 *
 * Reshape and transpose only, since tfjs has no gradient for its `depthToSpace`.
 *
 * @param x Features. `[B, H, W, C factor^2]`
 * @param factor Pixels per side that one position becomes.
 * @returns `[B, factor H, factor W, C]`
 * @throws {RangeError} If the channels are not a multiple of factor^2.
 */
export function pixelShuffle(x: tf.Tensor4D, factor: number): tf.Tensor4D {
  const { B, H, W, D } = axes([x, "B H W D"]);
  const C = D / factor ** 2;
  if (!Number.isInteger(C)) {
    throw new RangeError(
      `Cannot shuffle pixels as channels must be a multiple of ${factor ** 2}: current value is ${D}`,
    );
  }
  return tf.tidy(() =>
    x.reshape([B * H, W, C, factor, factor])
      .transpose([0, 3, 1, 4, 2]) // [B H, row, W, column, C]
      .reshape([B, H * factor, W * factor, C])
  );
}
