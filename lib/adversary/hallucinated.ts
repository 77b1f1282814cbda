import { tf } from "../engine/mod.ts";
import { drawNoise } from "../flow/mod.ts";
import { gaussianBlur, restorePairs, type Restorer } from "../restorers/mod.ts";
import { dct2, idct2 } from "../sobolev/mod.ts";
import type { ArtifactSource } from "./artifacts.ts";

/** What is hallucinated. */
export interface HallucinationOptions {
  /** Seed of the texture. */
  readonly seed: number;
  /** Standard deviation of the texture where the gradient is average, in units of [-1, 1]. Default 0.12. */
  readonly strength?: number;
  /** Lowest and highest radial frequency, as fractions of Nyquist. Default [0.3, 0.7]: above what a x4 input can hold. */
  readonly band?: readonly [number, number];
}

/**
 * Make artifacts by painting band-limited texture onto a restorer's outputs where they have edges: plausible detail that
 * is not in the image, as of strongly generative restorers (SUPIR).
 */
export function hallucinated(restorer: Restorer, options: HallucinationOptions): ArtifactSource {
  const { seed, strength = 0.12, band = [0.3, 0.7] } = options;
  return async (pairs, images, signal) => {
    const values = pairs.size ** 2 * 3;
    const pixels = await restorePairs(restorer, pairs, { images, signal });
    for (const [row, image] of images.entries()) {
      const painted = tf.tidy(() => {
        const x = tf.tensor4d(pixels.slice(row * values, (row + 1) * values), [1, pairs.size, pairs.size, 3]);
        const white = drawNoise(seed, "hallucination/noise", 0, [image], [pairs.size, pairs.size, 1]);
        return x.add(bandLimited(white, band).mul(edgeStrength(x)).mul(strength)).clipByValue(-1, 1);
      });
      pixels.set(await painted.data<"float32">(), row * values);
      painted.dispose();
    }
    return { name: "hallucinated", images, size: pairs.size, pixels };
  };
}

/**
 * Keep a band of frequencies of an image, scaled to unit variance.
 *
 * @param x `[B, H, W, C]`
 * @param band Lowest and highest radius in fractions of Nyquist, per axis.
 * @returns `[B, H, W, C]`
 */
function bandLimited(x: tf.Tensor4D, [low, high]: readonly [number, number]): tf.Tensor4D {
  const [, H, W] = x.shape;
  const mask = Float32Array.from({ length: H * W }, (_, at) => {
    const radius = Math.hypot(Math.floor(at / W) / H, (at % W) / W);
    return radius >= low && radius <= high ? 1 : 0;
  });
  const kept = idct2(dct2(x).mul(tf.tensor4d(mask, [1, H, W, 1])));
  return kept.div(kept.square().mean([1, 2, 3], true).sqrt().maximum(1e-6));
}

/**
 * Measure how strong the edges around each pixel are, relative to the image's mean.
 *
 * @param x `[B, H, W, 3]`
 * @returns Between 0 and 3. `[B, H, W, 1]`
 */
function edgeStrength(x: tf.Tensor4D): tf.Tensor4D {
  const [B, H, W, C] = x.shape;
  const down = x.slice([0, 1, 0, 0], [B, H - 1, W, C]).sub(x.slice([0, 0, 0, 0], [B, H - 1, W, C]));
  const right = x.slice([0, 0, 1, 0], [B, H, W - 1, C]).sub(x.slice([0, 0, 0, 0], [B, H, W - 1, C]));
  const energy: tf.Tensor4D = tf.pad(down.square(), [[0, 0], [0, 1], [0, 0], [0, 0]])
    .add(tf.pad(right.square(), [[0, 0], [0, 0], [0, 1], [0, 0]]))
    .mean(3, true);
  const strength = gaussianBlur(energy, 1.5).sqrt();
  return strength.div(strength.mean([1, 2, 3], true).maximum(1e-6)).minimum(3);
}
