import { rng } from "../core/mod.ts";

/** How training times are distributed: evenly, or as the sigmoid of a standard normal (Esser et al. 2024). */
export type TimeLaw = "uniform" | "logit-normal";

/** Times stay this far from 0 and 1, where a coupled pair degenerates (at t = 1 the negative is the winner). */
export const TIME_MARGIN = 1e-3;

/**
 * Draw one training time per item.
 *
 * The value depends on (seed, purpose, step, item) alone: not on the batch it is in, the engine, or earlier draws.
 *
 * @param purpose Separates this stream from every other one of the seed.
 * @param step Training step.
 * @param items Numbers of the items inside the step.
 * @param law Distribution before clipping to [0.001, 0.999].
 * @returns One time per item, in the paper's direction (0 noise, 1 image).
 */
export function drawTimes(
  seed: number,
  purpose: string,
  step: number,
  items: readonly number[],
  law: TimeLaw = "uniform",
): Float32Array {
  return Float32Array.from(items, (item) => {
    const random = rng(seed, purpose, step, item);
    const t = law === "uniform" ? random.uniform() : 1 / (1 + Math.exp(-random.normal()));
    return Math.min(Math.max(t, TIME_MARGIN), 1 - TIME_MARGIN);
  });
}
