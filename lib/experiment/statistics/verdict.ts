import type { Verdict } from "../results.ts";

/** An interval of a difference; an unbounded side is an infinity. */
export interface Interval {
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** What decides whether a difference is resolved, as results keep it: null where nothing bounds it or tests it. */
export interface Evidence {
  /** Lower end of the 95 % interval. */
  readonly low?: number | null;
  /** Upper end. */
  readonly high?: number | null;
  /** p-value, corrected for all comparisons of its family. */
  readonly pHolm?: number | null;
}

/** Corrected p-values below this, with an interval that leaves out zero, resolve a difference. */
const SIGNIFICANCE = 0.05;

/**
 * The sign of a difference that this run resolves: its 95 % interval leaves out zero, and so does its test after the
 * correction for many comparisons.
 *
 * @returns 0 where the run cannot tell.
 */
export function resolvedSign({ low, high, pHolm }: Evidence): 1 | 0 | -1 {
  if (typeof low !== "number" || typeof high !== "number" || typeof pHolm !== "number") return 0;
  if (pHolm >= SIGNIFICANCE) return 0;
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}

/**
 * Judge whether a direction that the paper claims appears here.
 *
 * `reproduced`: the difference is resolved and has the paper's sign; `contradicted`: it has the other; `not resolved`: this
 * run cannot tell.
 *
 * @param evidence Of our difference, better arm minus worse arm.
 * @param direction Sign of the same difference where the paper is right: 1 for a metric that should rise, -1 for one
 * that should fall.
 */
export function judge(evidence: Evidence, direction: 1 | -1): Verdict {
  const sign = resolvedSign(evidence);
  return sign === 0 ? "not resolved" : sign === direction ? "reproduced" : "contradicted";
}

/** The ends of an interval as results keep them: null where nothing bounds it, as JSON has no infinity. */
export function storedEnds({ low, high }: Interval): { low: number | null; high: number | null } {
  return { low: finiteOrNull(low), high: finiteOrNull(high) };
}

/** JSON has no NaN and no infinity: null stands for both. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
