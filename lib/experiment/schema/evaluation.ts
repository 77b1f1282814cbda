import { z } from "zod";
import { count, type Fields, fraction } from "./fields.ts";

/** How the test crops are sampled, by the arms and by the training-free controls. */
export interface EvaluationSettings {
  /** Euler steps of every arm and of the reference. */
  readonly steps: number;
  /** Euler step counts of the reference that draw its distortion-realism frontier. */
  readonly frontierSteps: readonly number[];
  /** Step counts of the reference under the midpoint method, two evaluations a step. */
  readonly midpointSteps: readonly number[];
  /** Weights of the reference's sample in its mixes with the posterior mean, each in [0, 1]. */
  readonly mixes: readonly number[];
  /** One-step predictions averaged into the posterior mean. */
  readonly posteriorDraws: number;
  /** Weights of every tuned arm's sample in its mixes with its own posterior mean, each in [0, 1]; further points. */
  readonly armMixes: readonly number[];
  /** What is measured on: the test crops, or those of validation, on which a choice is made. */
  readonly split: "test" | "validation";
  /** Folder of the weights of LPIPS and DISTS, which are then measured too. */
  readonly weights?: string;
  /** Crops shown in the strips. */
  readonly stripCrops: number;
}

export const evaluationSchema = z.strictObject(
  {
    steps: count.default(28),
    frontierSteps: z.array(count).default([2, 4, 8, 12, 16, 28, 40]),
    midpointSteps: z.array(count).default([4]),
    mixes: z.array(fraction).default([0.9, 0.8, 0.7, 0.6, 0.5]),
    posteriorDraws: count.default(4),
    armMixes: z.array(fraction).default([]),
    split: z.enum(["test", "validation"]).default("test"),
    weights: z.string().min(1).optional(),
    stripCrops: count.default(6),
  } satisfies Fields<EvaluationSettings>,
);
