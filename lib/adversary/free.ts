import { tf, trace } from "../engine/mod.ts";
import { StoppedError, tensorScope } from "../core/mod.ts";
import { applySigmaRoot } from "../sobolev/mod.ts";
import { checkEpsilon, lengths, type SobolevBall } from "./ball.ts";
import { energyGradient, type ResidualEnergy } from "./energy.ts";

/** How a free adversary descends. */
export interface FreeAdversaryOptions extends SobolevBall {
  /** Descent steps. Default 60. */
  readonly steps?: number;
  /** Length of the first step as a fraction of the radius; it falls linearly to 0. Default 0.5. */
  readonly rate?: number;
  /** Stops the descent after the current step. */
  readonly signal?: AbortSignal;
}

/**
 * Find the perturbation of least energy on a Sobolev ball by projected gradient descent (Eq. 30), per sample.
 *
 * It descends in whitened coordinates, `delta = Sigma^(1/2) z` with `||z|| <= epsilon`, where the ball is round and
 * scaling is the exact projection. For a small ball it finds the closed form of Prop. 4.1.
 *
 * @param energy Residual energy; the tensors behind it must exist before.
 * @param x Unperturbed states. `[B, H, W, C]`
 * @returns The perturbation, of H^s norm at most epsilon. `[B, H, W, C]`
 * @throws {RangeError} If epsilon is not positive.
 * @throws {StoppedError} If the signal was raised.
 */
export async function freeAdversary(
  energy: ResidualEnergy,
  x: tf.Tensor4D,
  { epsilon, s, unit = "index", steps = 60, rate = 0.5, signal }: FreeAdversaryOptions,
): Promise<tf.Tensor4D> {
  checkEpsilon(epsilon);
  const descend = trace((z: tf.Tensor4D, stride: tf.Scalar): tf.Tensor4D => {
    const slope = energyGradient((point) => energy(x.add(applySigmaRoot(point, s, { unit }))), z);
    const moved: tf.Tensor4D = z.sub(slope.mul(stride).div(lengths(slope.square())));
    return moved.mul(tf.minimum(1, tf.div(epsilon, lengths(moved.square()))));
  }, { name: "freeAdversary" });
  using scope = tensorScope();
  try {
    let z = scope.own(tf.zerosLike(x));
    for (let k = 0; k < steps; k++) {
      if (signal?.aborted) {
        throw new StoppedError(
          `Cannot finish the descent as it was asked to stop: current value is step ${k} of ${steps}`,
        );
      }
      const stride = scope.own(tf.scalar(epsilon * rate * (1 - k / steps)));
      const next = await descend(z, stride);
      tf.dispose([scope.keep(z), scope.keep(stride)]);
      z = scope.own(next);
    }
    return applySigmaRoot(z, s, { unit });
  } finally {
    descend.dispose();
  }
}
