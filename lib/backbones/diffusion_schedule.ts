import type { tf } from "../engine/mod.ts";

/** Timesteps that the UNets of SD1.5 and SDXL were trained with. */
const TIMESTEPS = 1000;
const BETA_START = 0.00085, BETA_END = 0.012;

/**
 * Tabulate how much of the image is left at every timestep of SD1.5 and SDXL: `prod_{j <= k} (1 - beta_j)` (Ho et al.
 * 2020), where the square roots of `beta` go evenly from those of 0.00085 to 0.012 ("scaled linear" in diffusers).
 *
 * A noisy latent is `sqrt(a) x1 + sqrt(1 - a) x0`, in the paper's names for image and noise.
 *
 * @returns One value per timestep, falling from 0.99915 at 0 to 0.00466 at 999.
 */
export function alphasCumprod(): Float64Array {
  const start = Math.sqrt(BETA_START), slope = (Math.sqrt(BETA_END) - start) / (TIMESTEPS - 1);
  let product = 1;
  return Float64Array.from({ length: TIMESTEPS }, (_, k) => product *= 1 - (start + slope * k) ** 2);
}

/**
 * Find the timestep that a UNet of SD1.5 or SDXL is told at the paper's time: `round(1000 (1 - t)) - 1`, from 0 to 999.
 *
 * Time 1 is the image and time 0 noise, so timesteps fall as `t` grows; timestep 0 is 0.999 and all that is nearer to the
 * image.
 *
 * @param t Times in [0, 1]. `[B]`
 * @returns Whole numbers as float32; no gradient passes. `[B]`
 */
export function timestepOf(t: tf.Tensor1D): tf.Tensor1D {
  return t.sub(1).mul(-TIMESTEPS).round().sub(1).clipByValue(0, TIMESTEPS - 1) as tf.Tensor1D;
}

/**
 * Find the paper's time of a timestep, `1 - (k + 1) / 1000`: the inverse of {@linkcode timestepOf}.
 *
 * @param timestep From 0 to 999.
 * @returns From 0 (noise) to 0.999.
 */
export function timeOfTimestep(timestep: number): number {
  return 1 - (timestep + 1) / TIMESTEPS;
}
