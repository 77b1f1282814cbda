import type { Offset } from "../results.ts";
import { resolvedSign } from "./verdict.ts";

/** Where an arm lies beside what untouched sampling alone can reach. */
export type FrontierPlace = "above" | "not told apart" | "below" | "outside" | "unbounded";

/**
 * Say where an arm lies beside the envelope of the training-free controls: its PSNR at equal realism.
 *
 * `above` and `below`: the offset is resolved and lies there; `not told apart`: this run cannot tell the arm from the
 * envelope, which is no proof that it lies on it; `outside`: at the greater part of the seeds, or at all but one, the
 * envelope does not reach the arm's realism, so that what is left speaks for few; `unbounded`: nothing gives the offset an
 * interval.
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
export function placeOf(offset: Offset): FrontierPlace {
  const { mean, low, high, perSeed, outside } = offset;
  const inside = perSeed.length - outside;
  if (mean === null || inside < outside || (inside < 2 && outside > 0)) return "outside";
  if (low === null || high === null) return "unbounded";
  return ({ 1: "above", 0: "not told apart", [-1]: "below" } as const)[resolvedSign(offset)];
}
