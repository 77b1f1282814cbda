import type { Offset } from "../results.ts";

/** Where an arm lies beside what untouched sampling alone can reach. */
export type FrontierPlace = "above" | "on" | "below" | "outside" | "unbounded";

/**
 * Say where an arm lies beside the envelope of the training-free controls: its PSNR at equal realism.
 *
 * `above` and `below`: the whole interval of the offset lies there; `on`: it contains zero, so that this run cannot tell
 * them apart; `outside`: at the greater part of the seeds, or at all but one, the envelope does not reach the arm's realism, so that what is
 * left speaks for few; `unbounded`: nothing gives the offset an interval.
 *
 * @param at What is held equal: `swd`, `hfRatio` where SWD turns back along the curve, or a perceptual distance.
 * @returns The place and the offset; null where the run has no such offset.
 */
export function frontierPlace(
  offsets: readonly Offset[],
  arm: string,
  at: string = "swd",
): { readonly place: FrontierPlace; readonly offset: Offset } | null {
  const offset = offsets.find((each) =>
    each.point === arm && each.frontier === "envelope" && each.metric === "psnrDb" && each.at === at
  );
  return offset ? { place: placeOf(offset), offset } : null;
}

/** The place of one offset: above is a positive difference, whichever sign is better. */
export function placeOf({ mean, low, high, perSeed, outside }: Offset): FrontierPlace {
  const inside = perSeed.length - outside;
  if (mean === null || inside < outside || (inside < 2 && outside > 0)) return "outside";
  // Results of before offsets had intervals hold none.
  if (typeof low !== "number" || typeof high !== "number") return "unbounded";
  return low > 0 ? "above" : high < 0 ? "below" : "on";
}
