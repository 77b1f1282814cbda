import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";

/** A state on a path and what a network is to predict there. */
export interface PathPoint {
  /** State at time t. `[B, H, W, C]` */
  readonly xt: tf.Tensor4D;
  /** Target of the prediction: on the straight path the velocity `x1 - x0`, the same at every t. `[B, H, W, C]` */
  readonly u: tf.Tensor4D;
}

/**
 * How noise and image are joined, and what a network on the path predicts. Losses, trainers and samplers take it; none of
 * them asks what kind of network they work on.
 */
export interface ProbabilityPath {
  /** Short name for records. */
  readonly name: string;
  /**
   * Find the state between noise and image, and the prediction that is right there.
   *
   * @param x0 Noise. `[B, H, W, C]`
   * @param x1 Image or latents. `[B, H, W, C]`
   * @param t One time per sample, in [0, 1]. `[B]`
   */
  point(x0: tf.Tensor4D, x1: tf.Tensor4D, t: tf.Tensor1D): PathPoint;
  /**
   * Find the image that a prediction at a state points to (Eq. 16).
   *
   * @param xt State at time t. `[B, H, W, C]`
   * @param prediction Of the network at that state. `[B, H, W, C]`
   * @param t One time per sample, in [0, 1]. `[B]`
   */
  predictEnd(xt: tf.Tensor4D, prediction: tf.Tensor4D, t: tf.Tensor1D): tf.Tensor4D;
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

/** The paper's path (Eq. 1): a straight line, on which a network predicts the velocity. FLUX and the small transformer. */
export const straightPath: ProbabilityPath = { name: "straight", point: linearPath, predictEnd };

/** One value per sample, shaped to multiply images. `[B] -> [B, 1, 1, 1]` */
export function perSample(t: tf.Tensor1D): tf.Tensor4D {
  return t.reshape([t.shape[0], 1, 1, 1]);
}
