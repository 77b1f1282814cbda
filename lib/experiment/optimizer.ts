import type { AdamWOptions } from "../optim/mod.ts";
import type { OptimizationSettings } from "./schema/mod.ts";

/** The optimizer of a settings section; epsilon is PyTorch's. */
export function optimizerOf(section: OptimizationSettings): AdamWOptions {
  const { steps, learningRate, betas, weightDecay, warmup, decay, floor, clipNorm } = section;
  return { steps, learningRate, betas, epsilon: 1e-8, weightDecay, warmup, decay, floor, clipNorm };
}
