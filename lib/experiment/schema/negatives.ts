import { z } from "zod";
import { count, type Fields, fraction, positive } from "./fields.ts";
import { optimization, type OptimizationSettings } from "./optimization.ts";

/** Networks that make artifacts, in the places of the paper's Real-ESRGAN, SeeSR and SUPIR. */
export interface ArtifactSettings {
  /** Share of the training crops that the adversary learns from, in [0, 1]. */
  readonly fraction: number;
  /** Channels of the small restorer. */
  readonly restorerWidth: number;
  /** Optimizer steps of the small restorer. */
  readonly restorerSteps: number;
  /** Strength of the unsharp mask that makes the restorer over-sharpened; 0 leaves its outputs as they are. */
  readonly sharpen: number;
  /** SFT step whose weights are the under-trained sampler. */
  readonly undertrainedStep: number;
  /** Euler steps of that sampler. */
  readonly undertrainedSamplerSteps: number;
}

/** The adversary's training on the artifacts (Sec. 4.1). */
export type AdversarySettings = OptimizationSettings;

/** Multi-step samples of the reference, kept as negatives of the rollout arms. */
export interface RolloutSettings {
  /** Training crops that are sampled. */
  readonly images: number;
  /** Samples of each, from different noise. */
  readonly draws: number;
  /** Euler steps of a sample. */
  readonly steps: number;
}

export const artifactSchema = z.strictObject(
  {
    fraction: fraction.default(0.25),
    restorerWidth: count.default(32),
    restorerSteps: count.default(700),
    sharpen: z.number().min(0).default(1.2),
    undertrainedStep: count.default(225),
    undertrainedSamplerSteps: count.default(4),
  } satisfies Fields<ArtifactSettings>,
);

export const adversarySchema = z.strictObject(
  {
    ...optimization,
    steps: count.default(2000),
    learningRate: positive.default(5e-5),
  } satisfies Fields<AdversarySettings>,
);

export const rolloutSchema = z.strictObject(
  {
    images: count.default(400),
    draws: count.default(4),
    steps: count.default(16),
  } satisfies Fields<RolloutSettings>,
);
