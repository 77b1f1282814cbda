import { rng, type TensorScope, tensorScope } from "../../core/mod.ts";
import type { VelocityField } from "../../backbones/mod.ts";
import { batchOf } from "../../dataset/mod.ts";
import { tf } from "../../engine/mod.ts";
import { fixedTarget, movingTarget, type ResidualEnergy, residualEnergy } from "../../adversary/mod.ts";
import { drawNoise, linearPath } from "../../flow/mod.ts";
import type { RunContext } from "../stages/context.ts";

/** The two readings of the target velocity. */
export const targets = ["fixed", "moving"] as const;

/** Which reading. */
export type Target = (typeof targets)[number];

/** States on the paths of held-out crops. */
export interface HeldOutStates {
  readonly x1: tf.Tensor4D;
  readonly c: tf.Tensor4D;
  readonly t: tf.Tensor1D;
  readonly xt: tf.Tensor4D;
  readonly u: tf.Tensor4D;
}

/** Margin of the times: near 1 a moving target grows without bound. */
const MARGIN = 0.05;

/** Draws one state a crop of the first test crops, at a time of (0.05, 0.95); the scope owns the tensors. */
export function heldOutStates({ test }: RunContext, seed: number, most: number, scope: TensorScope): HeldOutStates {
  const crops = test.ids.slice(0, most).map((_, i) => i);
  const { x1, c } = scope.own(batchOf(test, crops));
  const x0 = scope.own(drawNoise(seed, "held-out-noise", 0, crops, [test.size, test.size, 3]));
  const t = scope.own(
    tf.tensor1d(crops.map((crop) => rng(seed, "held-out-time", 0, crop).uniformIn(MARGIN, 1 - MARGIN))),
  );
  const { xt, u } = scope.own({ ...linearPath(x0, x1, t) });
  return { x1, c, t, xt, u };
}

/** The residual energy of a field at these states. */
export function energyOf(field: VelocityField, { x1, c, t, u }: HeldOutStates, target: Target): ResidualEnergy {
  return residualEnergy(field, target === "fixed" ? fixedTarget(u) : movingTarget(x1, t), t, c);
}

/** The mean of a tensor's values, which is disposed. */
export async function meanOf(values: tf.Tensor): Promise<number> {
  using scope = tensorScope();
  const read = await scope.own(values).data<"float32">();
  return read.reduce((sum, value) => sum + value, 0) / read.length;
}
