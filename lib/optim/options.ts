import type { Decay } from "./schedule.ts";

/** AdamW, its schedule and its clipping. What is left out has the default named. */
export interface AdamWOptions {
  /** Peak learning rate. */
  readonly learningRate: number;
  /** Decay rates of the two moments, each in [0, 1); [0.9, 0.999] by default. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment; 1e-8 by default. */
  readonly epsilon?: number;
  /** Decoupled weight decay, scaled by the learning rate; 0.01 by default, as in PyTorch. */
  readonly weightDecay?: number;
  /** Steps of warm-up; 0 by default. */
  readonly warmup?: number;
  /** What follows the warm-up; "constant" by default. */
  readonly decay?: Decay;
  /** Where a decay ends, as a fraction of the peak; 0 by default. */
  readonly floor?: number;
  /** Largest global norm of the gradients, null for no clipping; 1 by default. */
  readonly clipNorm?: number | null;
  /** Step at which a decay ends; by default the last step of the training. */
  readonly steps?: number;
}

/** Options without gaps. */
export type ResolvedAdamW = Readonly<Required<AdamWOptions>>;

/**
 * Fill in the defaults and check the values.
 *
 * @param options What the caller gives.
 * @param steps Steps of the training.
 * @returns All options.
 * @throws {RangeError} If a value is out of range.
 */
export function resolveAdamW(options: AdamWOptions, steps: number): ResolvedAdamW {
  const resolved: ResolvedAdamW = {
    learningRate: options.learningRate,
    betas: options.betas ?? [0.9, 0.999],
    epsilon: options.epsilon ?? 1e-8,
    weightDecay: options.weightDecay ?? 1e-2,
    warmup: options.warmup ?? 0,
    decay: options.decay ?? "constant",
    floor: options.floor ?? 0,
    clipNorm: options.clipNorm === undefined ? 1 : options.clipNorm,
    steps: options.steps ?? steps,
  };
  const { learningRate, betas, epsilon, weightDecay, warmup, floor, clipNorm } = resolved;
  check("learningRate", "at least 0 and finite", learningRate, learningRate >= 0 && learningRate < Infinity);
  check("betas", "two numbers in [0, 1)", betas, betas.every((beta) => beta >= 0 && beta < 1));
  check("epsilon", "positive", epsilon, epsilon > 0);
  check("weightDecay", "at least 0", weightDecay, weightDecay >= 0);
  check("warmup", "a whole number, at least 0", warmup, Number.isInteger(warmup) && warmup >= 0);
  check("floor", "in [0, 1]", floor, floor >= 0 && floor <= 1);
  check("clipNorm", "positive or null", clipNorm, clipNorm === null || clipNorm > 0);
  return resolved;
}

function check(name: string, rule: string, value: unknown, holds: boolean): void {
  if (!holds) throw new RangeError(`Cannot train as ${name} must be ${rule}: current value is ${value}`);
}
