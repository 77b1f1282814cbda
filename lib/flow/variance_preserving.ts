import { tf } from "../engine/mod.ts";
import { axes } from "../core/mod.ts";
import { alphasCumprod, timestepOf } from "../backbones/mod.ts";
import { type PathPoint, perSample, type ProbabilityPath } from "./path.ts";

/** How much image and how much noise a state holds: `xt = image x1 + noise x0`, with squares that add up to 1. */
export interface Mixture {
  /** Factor of the image, one per sample. `[B]` */
  readonly image: tf.Tensor1D;
  /** Factor of the noise, one per sample. `[B]` */
  readonly noise: tf.Tensor1D;
}

/**
 * Look up how SD1.5 and SDXL mix image and noise at the paper's times.
 *
 * @param t Times in [0, 1]; 1 is the cleanest timestep, 0, which still holds a little noise. `[B]`
 * @returns Roots of `alphasCumprod()` and of what it lacks to 1, found in doubles.
 */
export function mixtureAt(t: tf.Tensor1D): Mixture {
  return tf.tidy(() => {
    const alphas = alphasCumprod();
    const timestep = timestepOf(t).toInt();
    const lookUp = (of: (alpha: number) => number): tf.Tensor1D =>
      tf.gather(tf.tensor1d(Float32Array.from(alphas, of)), timestep);
    return { image: lookUp(Math.sqrt), noise: lookUp((alpha) => Math.sqrt(1 - alpha)) };
  });
}

/**
 * The path of SD1.5 and SDXL (Ho et al. 2020), on which a network predicts the noise: `xt = sqrt(a) x1 + sqrt(1 - a) x0`
 * and `u = x0`, with `a` of {@linkcode alphasCumprod} at the timestep of `t`.
 *
 * The end of the path is `(xt - sqrt(1 - a) prediction) / sqrt(a)`. The paper, which trains these two as well (Table 6),
 * does not write this out: it is what its Eqs. 9 and 16 become for a prediction of the noise.
 */
export const variancePreservingPath: ProbabilityPath = {
  name: "variance-preserving",
  point(x0, x1, t): PathPoint {
    axes([x0, "B H W C"], [x1, "B H W C"], [t, "B"]);
    return tf.tidy(() => {
      const { image, noise } = mixtureAt(t);
      const xt: tf.Tensor4D = x1.mul(perSample(image)).add(x0.mul(perSample(noise)));
      return { xt, u: x0.clone() };
    });
  },
  predictEnd(xt, prediction, t): tf.Tensor4D {
    axes([xt, "B H W C"], [prediction, "B H W C"], [t, "B"]);
    return tf.tidy(() => {
      const { image, noise } = mixtureAt(t);
      return xt.sub<tf.Tensor4D>(prediction.mul(perSample(noise))).div(perSample(image));
    });
  },
};
