import type { tf } from "../engine/mod.ts";

/**
 * A feed-forward super-resolution network, or anything else that maps a low-resolution image to one of four times its
 * size: `[B, H, W, 3] -> [B, 4H, 4W, 3]`, both in [-1, 1]; the result may leave the range a little.
 */
export type Restorer = (lr: tf.Tensor4D) => tf.Tensor4D;

/** Every restorer here enlarges by this factor, the paper's. */
export const SCALE = 4;
