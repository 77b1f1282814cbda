import { tf } from "../../engine/mod.ts";
import { axes, type Params } from "../../core/mod.ts";
import { type AutoencoderConfig, latentFactor } from "./config.ts";
import { decoderStages, encoderStages, runStages } from "./stages.ts";

/** A normal distribution of every latent value. */
export interface Posterior {
  /** `[B, H / f, W / f, C]` */
  readonly mean: tf.Tensor4D;
  /** Logarithm of the variance, in [-30, 20]. `[B, H / f, W / f, C]` */
  readonly logvar: tf.Tensor4D;
}

/**
 * Encode images (Rombach et al. 2022) to the distribution of their latents, before shift and scale.
 *
 * @param config Widths and depths.
 * @param params Under the names of `autoencoderShapes(config)`.
 * @param images In [-1, 1], their sides multiples of the factor f. `[B, H, W, 3]`
 * @returns Mean, which is also the mode, and log variance.
 * @throws {RangeError} If the sides are no multiples of the factor.
 */
export function encodeImages(config: AutoencoderConfig, params: Params, images: tf.Tensor4D): Posterior {
  const { H, W } = axes([images, "B H W 3"]), factor = latentFactor(config);
  if (H % factor !== 0 || W % factor !== 0) {
    throw new RangeError(
      `Cannot encode images as their sides must be multiples of ${factor}: current value is ${W} x ${H}`,
    );
  }
  return tf.tidy(() => {
    const [mean, logvar] = tf.split(runStages(encoderStages(config, params), images), 2, 3);
    return { mean, logvar: logvar.clipByValue(-30, 20) };
  }) as Posterior;
}

/**
 * Draw latents: `mean + exp(logvar / 2) eps`.
 *
 * @param posterior Of {@linkcode encodeImages}.
 * @param eps Standard normal noise of the same shape.
 * @returns Latents before shift and scale. `[B, H, W, C]`
 */
export function sampleLatents({ mean, logvar }: Posterior, eps: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => mean.add(logvar.mul(0.5).exp().mul(eps)));
}

/**
 * Decode latents, without shift and scale, to images.
 *
 * @param config Widths and depths.
 * @param params Under the names of `autoencoderShapes(config)`.
 * @param latents `[B, H, W, C]`
 * @returns Images, nominally in [-1, 1], not clipped. `[B, f H, f W, 3]`
 */
export function decodeLatents(config: AutoencoderConfig, params: Params, latents: tf.Tensor4D): tf.Tensor4D {
  axes([latents, `B H W ${config.latentChannels}`]);
  return tf.tidy(() => runStages(decoderStages(config, params), latents));
}

/** Bring an encoder's output to the space of the flow: `(z - shift) scale`. */
export function scaleLatents({ scale, shift }: AutoencoderConfig, z: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => z.sub(shift).mul(scale));
}

/** Bring latents of the flow to the decoder's space: `z / scale + shift`, the inverse of {@linkcode scaleLatents}. */
export function unscaleLatents({ scale, shift }: AutoencoderConfig, latents: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => latents.div(scale).add(shift));
}
