import { z } from "zod";
import type { Decay } from "../../optim/mod.ts";
import { count, type Fields, fraction, positive } from "./fields.ts";

/** How one network is optimised: AdamW, its schedule and its batches. */
export interface OptimizationSettings {
  /** Optimizer steps. */
  readonly steps: number;
  /** Images in a micro-batch. */
  readonly batchSize: number;
  /** Micro-batches in an optimizer step. The paper's 512 images are 8 x 8 micro-batches x 8 GPUs. */
  readonly accumulation: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  /** Decay rates of the two moments, each in [0, 1). */
  readonly betas: readonly [number, number];
  /** Decoupled weight decay, scaled by the learning rate. */
  readonly weightDecay: number;
  /** Steps of linear warm-up. */
  readonly warmup: number;
  /** What the learning rate does after the warm-up. */
  readonly decay: Decay;
  /** Where the decay ends, as a fraction of the learning rate. */
  readonly floor: number;
  /** Global gradient norm that is clipped to; null switches clipping off. */
  readonly clipNorm: number | null;
}

/**
 * The fields that every optimised section has. The defaults are the paper's (App. C.1) and, where it is silent, PyTorch's;
 * the paper prints no number of steps: those of each section are this project's, as are the clipping and SFT's rate.
 */
export const optimization = {
  steps: count,
  batchSize: count.default(8),
  accumulation: count.default(8),
  learningRate: positive,
  betas: z.tuple([fraction, fraction]).default([0.9, 0.999]),
  weightDecay: z.number().min(0).default(0.01),
  warmup: z.int().min(0).default(200),
  decay: z.enum(["constant", "linear", "cosine"]).default("constant"),
  floor: fraction.default(0),
  clipNorm: positive.nullable().default(1),
} satisfies Fields<OptimizationSettings>;
