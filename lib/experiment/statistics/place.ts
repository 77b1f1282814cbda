import type { Offset } from "../results.ts";

/** Where an arm lies beside what untouched sampling alone can reach. */
export type FrontierPlace = "above" | "on" | "below" | "outside";

/**
 * Say where an arm lies beside the envelope of the training-free controls: its PSNR at equal realism.
 *
 * `above` and `below`: the whole interval of the offset lies there; `on`: it contains zero; `outside`: at no seed does the
 * envelope reach the arm's realism.
 *
 * @param at What is held equal: `swd`, or `hfRatio` where SWD turns back along the curve.
 * @returns The place and the offset; null where the run has no such offset.
 */
export function frontierPlace(
  offsets: readonly Offset[],
  arm: string,
  at: "swd" | "hfRatio" = "swd",
): { readonly place: FrontierPlace; readonly offset: Offset } | null {
  const offset = offsets.find((each) =>
    each.point === arm && each.frontier === "envelope" && each.metric === "psnrDb" && each.at === at
  );
  if (!offset) return null;
  if (offset.mean === null) return { place: "outside", offset };
  // An interval that nothing bounds, as of one crop and one seed, resolves nothing.
  const above = offset.low !== null && offset.low > 0, below = offset.high !== null && offset.high < 0;
  return { place: above ? "above" : below ? "below" : "on", offset };
}
