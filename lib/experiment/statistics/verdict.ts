import type { Verdict } from "../results.ts";

/** An interval of a difference; an unbounded side is an infinity. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/**
 * Judge whether a direction that the paper claims appears here.
 *
 * `reproduced`: the whole interval lies on the paper's side of zero; `contradicted`: the whole interval lies on the
 * other side; `not resolved`: it contains zero, so that this run cannot tell.
 *
 * @param interval Interval of our difference, better arm minus worse arm.
 * @param direction Sign of the same difference where the paper is right: 1 for a metric that should rise, -1 for one
 * that should fall.
 */
export function judge(interval: Interval, direction: 1 | -1): Verdict {
  const low = direction > 0 ? interval.low : -interval.high;
  const high = direction > 0 ? interval.high : -interval.low;
  if (low > 0) return "reproduced";
  return high < 0 ? "contradicted" : "not resolved";
}

/** The ends of an interval as results keep them: null where nothing bounds it, as JSON has no infinity. */
export function storedEnds({ low, high }: Interval): { low: number | null; high: number | null } {
  return { low: finiteOrNull(low), high: finiteOrNull(high) };
}

/** JSON has no NaN and no infinity: null stands for both. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
