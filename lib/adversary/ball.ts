import { tf } from "../engine/mod.ts";
import { applySigma, applySigmaRoot, type FrequencyUnit, sobolevInner } from "../sobolev/mod.ts";

/** A ball `||delta||_Hs <= epsilon` in the raw weights of Eq. 4. */
export interface SobolevBall {
  /** Radius, positive. */
  readonly epsilon: number;
  /** Sobolev index, at least 0; 0 is the Euclidean ball. */
  readonly s: number;
  /** Unit of the frequencies. Default `index`. */
  readonly unit?: FrequencyUnit;
}

/**
 * Compute the perturbation that lowers an energy most to first order on a Sobolev ball (Eqs. 19 and 37).
 *
 * @param gradient Euclidean gradient of the energy. `[B, H, W, C]`
 * @returns `-epsilon Sigma g / sqrt(<g, Sigma g>)`, of norm epsilon; zero where the gradient is zero. `[B, H, W, C]`
 * @throws {RangeError} If epsilon is not positive.
 */
export function closedFormPerturbation(
  gradient: tf.Tensor4D,
  { epsilon, s, unit = "index" }: SobolevBall,
): tf.Tensor4D {
  checkEpsilon(epsilon);
  return tf.tidy(() => {
    const natural = applySigma(gradient, s, { unit });
    return natural.mul(-epsilon).div(lengths(gradient.mul(natural)));
  });
}

/**
 * Map any tensor onto the sphere of a Sobolev ball (Eqs. 20 and 44 in whitened coordinates).
 *
 * In `delta = Sigma^(1/2) z` the ball is round, so scaling z is the projection; in pixels it is not, and a descent that
 * rescales pixels finds the Euclidean direction instead.
 *
 * @param z Whitened coordinates, for instance the output of a network. `[B, H, W, C]`
 * @returns `epsilon Sigma^(1/2) z / ||z||`, of H^s norm epsilon; zero where z is zero. `[B, H, W, C]`
 * @throws {RangeError} If epsilon is not positive.
 */
export function onSphere(z: tf.Tensor4D, { epsilon, s, unit = "index" }: SobolevBall): tf.Tensor4D {
  checkEpsilon(epsilon);
  return tf.tidy(() => applySigmaRoot(z.mul(epsilon).div(lengths(z.square())), s, { unit }));
}

/**
 * Compute the cosine of the angle between two perturbations in H^s.
 *
 * @returns One value per sample, in [-1, 1]. `[B]`
 */
export function sobolevCosine(f: tf.Tensor4D, g: tf.Tensor4D, s: number, unit: FrequencyUnit = "index"): tf.Tensor1D {
  return tf.tidy(() => {
    const product = sobolevInner(f, g, s, { unit });
    return product.div(sobolevInner(f, f, s, { unit }).mul(sobolevInner(g, g, s, { unit })).sqrt());
  });
}

/**
 * Take square roots of sums over each sample.
 *
 * @param squares `[B, H, W, C]`
 * @returns Positive, also where the sum is 0: the addend keeps 0 / 0 at 0, in the gradient too. `[B, 1, 1, 1]`
 */
export function lengths(squares: tf.Tensor4D): tf.Tensor4D {
  return squares.sum<tf.Tensor4D>([1, 2, 3], true).add<tf.Tensor4D>(1e-20).sqrt();
}

/**
 * Check the radius of a ball.
 *
 * @throws {RangeError} If epsilon is not positive.
 */
export function checkEpsilon(epsilon: number): void {
  if (!(epsilon > 0)) {
    throw new RangeError(
      `Cannot perturb on a Sobolev ball as its radius must be positive: current value is ${epsilon}`,
    );
  }
}
