import { tf } from "../engine/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";

/** The Euclidean residual energy of a state, per sample (Prop. 4.1): `[B, H, W, C] -> [B]`. */
export type ResidualEnergy = (x: tf.Tensor4D) => tf.Tensor1D;

/** The velocity that a state's residual is measured against, as a function of the state. */
export type TargetVelocity = (x: tf.Tensor4D) => tf.Tensor4D;

/** A target that stays where it is as the state moves: what the preference loss uses. */
export function fixedTarget(u: tf.Tensor4D): TargetVelocity {
  return () => u;
}

/**
 * A target that points from the moving state to the image: `(x1 - x) / (1 - t)` (App. A.1).
 *
 * On the path it equals `x1 - x0`; off the path the gradient of the energy changes sign.
 *
 * @param x1 Image. `[B, H, W, C]`
 * @param t Times below 1. `[B]`
 */
export function movingTarget(x1: tf.Tensor4D, t: tf.Tensor1D): TargetVelocity {
  return (x) => x1.sub(x).div(tf.sub(1, t).reshape([t.shape[0], 1, 1, 1]));
}

/**
 * Define the residual energy `J(x) = || v(x, t, c) - target(x) ||^2` of a field (Eqs. 9 and 30).
 *
 * A sum over height, width and channels, without a Sobolev weight.
 */
export function residualEnergy(
  field: VelocityField,
  target: TargetVelocity,
  t: tf.Tensor1D,
  c: tf.Tensor4D,
): ResidualEnergy {
  return (x) => tf.tidy(() => tf.squaredDifference(field(x, t, c), target(x)).sum<tf.Tensor1D>([1, 2, 3]));
}

/**
 * Differentiate a residual energy with respect to the state.
 *
 * @param x States. `[B, H, W, C]`
 * @returns The Euclidean gradient of each sample's energy. `[B, H, W, C]`
 */
export function energyGradient(energy: ResidualEnergy, x: tf.Tensor4D): tf.Tensor4D {
  return tf.grad((state) => energy(state as tf.Tensor4D).sum())(x) as tf.Tensor4D;
}
