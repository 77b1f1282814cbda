import type { Offset, Results } from "../experiment/mod.ts";
import { metricOf, pointLabel } from "./tables/labels.ts";
import { isClear } from "./tables/offset_table.ts";

/**
 * Say which arms lie clearly above or below what untouched sampling reaches at equal realism, the demanding comparison,
 * for every measure of realism.
 *
 * Clear: resolved, at the greater part of the seeds.
 *
 * @returns No sentence where the run has no such offsets or a single seed.
 */
export function frontierSentences(results: Results): string[] {
  const measures = new Set(results.offsets.map(({ at }) => at));
  return results.seeds.length < 2 ? [] : [...measures].flatMap((at) => sentencesAt(results, at));
}

function sentencesAt(results: Results, at: string): string[] {
  const found = results.offsets.filter((offset) =>
    offset.frontier === "envelope" && offset.metric === "psnrDb" && offset.at === at
  );
  if (found.length === 0) return [];
  const measure = metricOf(results, at)?.label ?? at;
  const clear = found.filter(isClear);
  const above = clear.filter(({ mean }) => mean! > 0), below = clear.filter(({ mean }) => mean! < 0);
  const outside = found.filter(({ mean }) => mean === null);
  const reference = "the better of SFT's step counts and its mix";
  return [
    `At equal ${measure}, ${named(results, above)} clearly above ${reference} in PSNR, and ${named(results, below)} ` +
    "clearly below it.",
    ...(outside.length > 0 ? [`Beyond the range of that frontier in ${measure}: ${names(results, outside)}.`] : []),
  ];
}

function named(results: Results, offsets: readonly Offset[]): string {
  if (offsets.length === 0) return "no arm lies";
  return `${names(results, offsets)} ${offsets.length === 1 ? "lies" : "lie"}`;
}

function names(results: Results, offsets: readonly Offset[]): string {
  return offsets.map(({ point }) => `“${pointLabel(results, point)}”`).join(", ");
}
