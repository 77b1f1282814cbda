import { z } from "zod";
import type { FrequencyUnit } from "../../sobolev/mod.ts";
import { count, type Fields, fraction, positive } from "./fields.ts";
import { optimization, type OptimizationSettings } from "./optimization.ts";

/** Preference tuning (Eqs. 15 and 18); its optimisation is that of the supervised arms too. */
export interface AlignmentSettings extends OptimizationSettings {
  /** Strength of the preference, above 0. */
  readonly beta: number;
  /** Factor of the loser's energy gap inside the sigmoid, in [0, 1]; 1 is Eq. 18. */
  readonly rho: number;
  /** Unit of the frequencies in the Sobolev weights. */
  readonly frequencyUnit: FrequencyUnit;
  /** Energies as means with weights of mean 1, or as sums with raw weights. */
  readonly reduction: "mean" | "sum";
  /** Largest winner energy gap of a healthy run, as a mean over the window. */
  readonly healthLimit: number;
  /** Last steps that the health gate looks at. */
  readonly healthWindow: number;
}

export const alignmentSchema = z.strictObject(
  {
    ...optimization,
    steps: count.default(1000),
    learningRate: positive.default(1e-5),
    beta: positive.default(2000),
    rho: fraction.default(1),
    frequencyUnit: z.enum(["index", "rad", "unit", "cyc"]).default("index"),
    reduction: z.enum(["mean", "sum"]).default("mean"),
    healthLimit: positive.default(0.01),
    healthWindow: count.default(20),
  } satisfies Fields<AlignmentSettings>,
);
