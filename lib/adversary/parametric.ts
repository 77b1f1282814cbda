import { tf } from "../engine/mod.ts";
import type { StepReport } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import {
  allImages,
  drawFlowBatch,
  frozen,
  linearPath,
  loopSettings,
  type TrainingRun,
  type VelocityFamily,
} from "../flow/mod.ts";
import { train } from "../optim/mod.ts";
import { onSphere, type SobolevBall } from "./ball.ts";
import { fixedTarget, movingTarget, residualEnergy } from "./energy.ts";

/** What an amortised adversary on a Sobolev ball trains, and against which field. */
export interface ParametricAdversaryOptions extends Omit<TrainingRun, "path">, SobolevBall {
  /** Gives the whitened direction z; the perturbation is `epsilon Sigma^(1/2) z / ||z||`. */
  readonly family: VelocityFamily;
  /** The frozen field whose residual energy is lowered. */
  readonly attacked: VelocityField;
  /**
   * What the adversary sees beside state and time: the `condition`, as in the paper, or the true `image` in its place.
   * The energy's gradient has a conditional mean near 0 without the image, so only the latter can come close to Eq. 20.
   */
  readonly input: "condition" | "image";
  /** Whether the target velocity stays or points from the moved state to the image. Default `fixed`. */
  readonly target?: "fixed" | "moving";
}

/**
 * Evaluate a parametric adversary: its perturbation of a state.
 *
 * @param field Gives whitened directions.
 * @param seen What it sees in the condition's place: condition or image. `[B, H, W, C]`
 * @returns A perturbation of H^s norm epsilon. `[B, H, W, C]`
 */
export function parametricPerturbation(
  field: VelocityField,
  xt: tf.Tensor4D,
  t: tf.Tensor1D,
  seen: tf.Tensor4D,
  ball: SobolevBall,
): tf.Tensor4D {
  return tf.tidy(() => onSphere(field(xt, t, seen), ball));
}

/**
 * Train an adversary to lower the residual energy of a frozen field within a Sobolev ball (Prop. 4.2, Eqs. 20 and 38).
 *
 * The perturbation of the velocity over a unit of time is taken as the perturbation of the state (Eq. 40): the direction
 * is the same. The loss is the mean change of energy per value, `J(xt + delta) - J(xt)`: negative where it succeeds.
 *
 * @returns One report per optimizer step, with `loss`, `gradientNorm` and `learningRate`.
 * @throws {TrainingError} If a loss or gradient is not finite; the state keeps the last good values.
 */
export function trainParametricAdversary(options: ParametricAdversaryOptions): AsyncGenerator<StepReport> {
  const { family, attacked, pairs, seed, batchSize, input, target = "fixed" } = options;
  const { purpose = "parametric", times = "uniform" } = options;
  const images = allImages(pairs.count);
  return train({
    ...loopSettings(options),
    batch: (step, micro) =>
      drawFlowBatch(pairs, { seed, purpose, step, micro, batchSize }, { times, flips: true, images }),
    loss: (params, { x0, x1, t, c }) => {
      const { xt, u } = linearPath(x0, x1, t);
      const delta = parametricPerturbation(family(params), xt, t, input === "image" ? x1 : c, options);
      const goal = target === "fixed" ? fixedTarget(u) : movingTarget(x1, t);
      const after = residualEnergy(attacked, goal, t, c)(xt.add(delta));
      const before = residualEnergy(frozen(attacked), goal, t, c)(xt);
      return { loss: after.sub(before).mean<tf.Scalar>().div(xt.size / xt.shape[0]) };
    },
  });
}
