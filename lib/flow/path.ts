import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";

/** A state on a path and the velocity that leads along it. */
export interface PathPoint {
  /** State at time t. `[B, H, W, C]` */
  readonly xt: tf.Tensor4D;
  /** Target velocity `x1 - x0`, the same at every t. `[B, H, W, C]` */
  readonly u: tf.Tensor4D;
}

/**
 * Interpolate between noise and image on the straight path (Eq. 1).
 *
 * Time is the paper's: t = 0 is noise, t = 1 the image. FLUX and diffusers count the other way.
 *
 * @param x0 Noise. `[B, H, W, C]`
 * @param x1 Image in [-1, 1]. `[B, H, W, C]`
 * @param t One time per sample, in [0, 1]. `[B]`
 * @returns `xt = (1 - t) x0 + t x1` and `u = x1 - x0`.
 * @throws {RangeError} If the shapes disagree.
 */
export function linearPath(x0: tf.Tensor4D, x1: tf.Tensor4D, t: tf.Tensor1D): PathPoint {
  axes([x0, "B H W C"], [x1, "B H W C"], [t, "B"]);
  return tf.tidy(() => {
    const time = perSample(t);
    const xt: tf.Tensor4D = x0.mul(tf.sub(1, time)).add(x1.mul(time));
    const u: tf.Tensor4D = x1.sub(x0);
    return { xt, u };
  });
}

/**
 * Extrapolate a state to the end of its path (the linear forecast of Eq. 16).
 *
 * @param xt State at time t. `[B, H, W, C]`
 * @param v Velocity at that state. `[B, H, W, C]`
 * @param t One time per sample, in [0, 1]. `[B]`
 * @returns The predicted image `xt + (1 - t) v`. `[B, H, W, C]`
 * @throws {RangeError} If the shapes disagree.
 */
export function predictEnd(xt: tf.Tensor4D, v: tf.Tensor4D, t: tf.Tensor1D): tf.Tensor4D {
  axes([xt, "B H W C"], [v, "B H W C"], [t, "B"]);
  return tf.tidy(() => xt.add(v.mul(tf.sub(1, perSample(t)))));
}

/** One value per sample, shaped to multiply images. `[B] -> [B, 1, 1, 1]` */
function perSample(t: tf.Tensor1D): tf.Tensor4D {
  return t.reshape([t.shape[0], 1, 1, 1]);
}
