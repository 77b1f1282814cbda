import { z } from "zod";
import type { TimeLaw } from "../../flow/mod.ts";
import { count, type Fields, positive } from "./fields.ts";
import { optimization, type OptimizationSettings } from "./optimization.ts";

/** Supervised flow matching (Eq. 2): the training of the reference, and of the arms that continue it. */
export interface SftSettings extends OptimizationSettings {
  /** How training times are drawn from (0, 1). */
  readonly timeSampling: TimeLaw;
  /** Random horizontal and vertical flips. */
  readonly flips: boolean;
}

export const sftSchema = z.strictObject(
  {
    ...optimization,
    steps: count.default(10_000),
    learningRate: positive.default(5e-5),
    timeSampling: z.enum(["uniform", "logit-normal"]).default("uniform"),
    flips: z.boolean().default(true),
  } satisfies Fields<SftSettings>,
);
