import { z } from "zod";
import { count, type Fields, fraction, positive } from "./fields.ts";
import { optimization, type OptimizationSettings } from "./optimization.ts";

/** Sources of artifacts that a run trains itself, in the places of the paper's Real-ESRGAN, SeeSR and SUPIR. */
export const trainedSources = ["sharpened", "undertrained", "hallucinated"] as const;

/** Name of a source in {@link trainedSources}. */
export type TrainedSource = (typeof trainedSources)[number];

/**
 * Where artifacts come from.
 *
 * `trained`: a network trained in the run. `restorer`: a published network of the project, run on the training crops;
 * `name` as `openRestorer` reads it. `outputs`: files that any other system made of the exported training crops.
 * `negatives`: what `deno task negatives` cached, with the pairs that it belongs to.
 */
export type ArtifactSourceSettings =
  | { readonly kind: "trained"; readonly name: TrainedSource }
  | { readonly kind: "restorer"; readonly name: string }
  | { readonly kind: "outputs"; readonly name: string; readonly folder: string }
  | { readonly kind: "negatives"; readonly folder: string };

/** What makes artifacts: the adversary's training data. */
export interface ArtifactSettings {
  /** The sources; without them the three of `trainedSources`. */
  readonly sources?: readonly ArtifactSourceSettings[];
  /** Folder of the published networks' safetensors files; `weights` without it. */
  readonly weights?: string;
  /**
   * Share of the training crops that the adversary learns from, in [0, 1]. Sources of files are used whole: whoever made
   * them chose the share.
   */
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

const sourceSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("trained"), name: z.enum(trainedSources) }),
  z.strictObject({ kind: z.literal("restorer"), name: z.string().min(1) }),
  z.strictObject({ kind: z.literal("outputs"), name: z.string().regex(/^[\w.-]+$/), folder: z.string().min(1) }),
  z.strictObject({ kind: z.literal("negatives"), folder: z.string().min(1) }),
]);

export const artifactSchema = z.strictObject(
  {
    // Absent, not defaulted: settings that were pinned or hashed before there was a choice stay what they were.
    sources: z.array(sourceSchema).min(1).optional(),
    weights: z.string().min(1).optional(),
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
