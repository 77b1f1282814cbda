import type { DegradationPreset } from "./recipe.ts";

/** What one of the two rounds of the second-order degradation is drawn from. */
export interface RoundRanges {
  /** Probability of the blur. */
  readonly blur: number;
  /** Standard deviations of the kernels, in pixels. */
  readonly sigma: readonly [number, number];
  /** Probabilities of enlarging, shrinking and keeping the size. */
  readonly resize: readonly [up: number, down: number, keep: number];
  /** Smallest and largest factor; 1 lies between. */
  readonly factor: readonly [number, number];
  /** Standard deviation of Gaussian noise, in 8-bit units. */
  readonly gaussian: readonly [number, number];
  /** Scale of Poisson noise. */
  readonly poisson: readonly [number, number];
  /** Quality of the JPEG that follows. */
  readonly quality: readonly [number, number];
}

/** What a second-order degradation is drawn from (Wang et al. 2021). */
export interface SecondOrderRanges {
  /** Whether the image is sharpened first. */
  readonly sharpen: boolean;
  /** Both rounds, in order. */
  readonly rounds: readonly [RoundRanges, RoundRanges];
  /** Upper end of the exponent of generalised Gaussians; the lower is 0.5. */
  readonly betaGeneralised: number;
  /** Upper end of the exponent of plateaus; the lower is 1. */
  readonly betaPlateau: number;
}

/** Real-ESRGAN's ranges, which SeeSR and DreamClear use and the paper aligns to. */
export const HARD: SecondOrderRanges = {
  sharpen: true,
  rounds: [
    {
      blur: 1,
      sigma: [0.2, 3],
      resize: [0.2, 0.7, 0.1],
      factor: [0.15, 1.5],
      gaussian: [1, 30],
      poisson: [0.05, 3],
      quality: [30, 95],
    },
    {
      blur: 0.8,
      sigma: [0.2, 1.5],
      resize: [0.3, 0.4, 0.3],
      factor: [0.3, 1.2],
      gaussian: [1, 25],
      poisson: [0.05, 2.5],
      quality: [30, 95],
    },
  ],
  betaGeneralised: 4,
  betaPlateau: 2,
};

/** StableSR's softer ranges. */
export const SOFT: SecondOrderRanges = {
  sharpen: true,
  rounds: [
    {
      blur: 1,
      sigma: [0.2, 1.5],
      resize: [0.2, 0.7, 0.1],
      factor: [0.3, 1.5],
      gaussian: [1, 15],
      poisson: [0.05, 2],
      quality: [60, 95],
    },
    {
      blur: 0.5,
      sigma: [0.2, 1],
      resize: [0.3, 0.4, 0.3],
      factor: [0.6, 1.2],
      gaussian: [1, 12],
      poisson: [0.05, 1],
      quality: [60, 100],
    },
  ],
  betaGeneralised: 2,
  betaPlateau: 1.5,
};

/** Soft ranges with wide blurs and no sharpening: what SeeSR, DiT4SR and FaithDiff draw while they train. */
export const SOFT_WIDE: SecondOrderRanges = {
  sharpen: false,
  rounds: [
    { ...SOFT.rounds[0], sigma: HARD.rounds[0].sigma },
    { ...SOFT.rounds[1], sigma: HARD.rounds[1].sigma },
  ],
  betaGeneralised: HARD.betaGeneralised,
  betaPlateau: HARD.betaPlateau,
};

/**
 * Shortest side of an image that every recipe of a preset leaves at least a pixel of: the second resize of a second-order
 * degradation goes down to 0.3 of a quarter.
 */
export function leastSide(preset: DegradationPreset): number {
  return preset === "none" || preset === "mild" ? 4 : 16;
}
