/** How the learning rate moves after the warm-up. */
export type Decay = "constant" | "linear" | "cosine";

/** Warm-up and decay of a learning rate. */
export interface Schedule {
  /** Steps over which the rate rises from 0; 0 for none. The first step of a warm-up has rate 0, as in diffusers. */
  readonly warmup: number;
  /** What follows. */
  readonly decay: Decay;
  /** Where a decay ends, as a fraction of the peak in [0, 1]. */
  readonly floor: number;
  /** Step at which a decay ends; a constant rate does not use it. */
  readonly steps: number;
}

/**
 * Scale the learning rate of a step, as diffusers' `get_scheduler` does.
 *
 * @param step Optimizer steps done before, from 0.
 * @param schedule Warm-up and decay.
 * @returns The fraction of the peak rate, in [0, 1].
 */
export function scheduleFactor(step: number, schedule: Schedule): number {
  const { warmup, decay, floor, steps } = schedule;
  if (step < warmup) return step / warmup;
  const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return floor + (1 - floor) * decayed(decay, done);
}

function decayed(decay: Decay, done: number): number {
  switch (decay) {
    case "constant":
      return 1;
    case "linear":
      return 1 - done;
    case "cosine":
      return 0.5 * (1 + Math.cos(Math.PI * done));
  }
}
