import type { Verdict } from "../results.ts";
import { mean } from "../statistics/mod.ts";

/** Mean over the seeds to 5 significant digits. */
export function meanOverSeeds(values: readonly number[]): number {
  return Number(mean(values).toPrecision(5));
}

/** The mean over the seeds with their least and greatest value. */
export function rangeText(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toPrecision(4));
  const text = String(meanOverSeeds(values));
  return values.length > 1 ? `${text} (${low} to ${high} over ${values.length} references)` : `${text} (one reference)`;
}

/** `reproduced` where the statement holds for every reference, `contradicted` where for none, else `not resolved`. */
export function verdictOf(values: readonly number[], holds: (value: number) => boolean): Verdict {
  const count = values.filter(holds).length;
  return count === values.length ? "reproduced" : count === 0 ? "contradicted" : "not resolved";
}
