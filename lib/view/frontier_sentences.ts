import type { Offset, Results } from "../experiment/mod.ts";
import { pointLabel } from "./tables/labels.ts";
import { isClear } from "./tables/offset_table.ts";

/**
 * Say which arms lie clearly above or below what untouched sampling reaches at equal realism, the demanding comparison.
 *
 * Clear: all seeds inside the frontier's range, one sign, and a mean beyond two standard deviations.
 *
 * @returns No sentence where the run has no such offsets or a single seed.
 */
export function frontierSentences(results: Results): string[] {
  const found = results.offsets.filter(({ frontier, metric, at }) =>
    frontier === "envelope" && metric === "psnrDb" && at === "swd"
  );
  if (found.length === 0 || results.seeds.length < 2) return [];
  const clear = found.filter(isClear);
  const above = clear.filter(({ mean }) => mean! > 0), below = clear.filter(({ mean }) => mean! < 0);
  const outside = found.filter(({ outside, perSeed }) => outside === perSeed.length);
  return [
    [
      "At equal realism (SWD), against the better of SFT's step counts and the mix:",
      named(results, above, "clearly above in PSNR", "no arm is clearly above in PSNR") + ";",
      named(results, below, "clearly below", "none clearly below") + ".",
      outside.length > 0 ? named(results, outside, "beyond the frontier's range", "") + "." : "",
    ].join(" ").trim(),
  ];
}

function named(results: Results, offsets: readonly Offset[], what: string, none: string): string {
  return offsets.length === 0 ? none : `${offsets.map(({ point }) => pointLabel(results, point)).join(", ")} ${what}`;
}
