import { holm } from "./holm.ts";
import type { Claim } from "../config.ts";
import type { Direction, MetricColumn, Point } from "../results.ts";
import { findPoint, joinCrops, observations } from "./observations.ts";
import { pairedDifference } from "./paired.ts";
import { resampling, type ResamplingOptions } from "./resampling.ts";
import { finiteOrNull, judge, storedEnds } from "./verdict.ts";

/** How {@link judgeClaims} measures. */
export interface ClaimOptions {
  /** The photograph of every test crop; its crops count as one observation. By default every crop has its own. */
  readonly images?: readonly string[];
  /** Draws of the bootstrap. */
  readonly resampling?: ResamplingOptions;
}

/**
 * Judge every ordering that the paper claims by our interval of the same difference.
 *
 * A claim whose arms or metric were not run is left out. A metric that is best at 1 is judged by its distance from 1.
 * p-values are corrected by Holm over all claims of the experiment; the verdict takes interval and corrected p-value.
 *
 * @returns One direction a claim, in order; differences are `better - worse`.
 */
export function judgeClaims(
  claims: readonly Claim[],
  points: readonly Point[],
  metrics: readonly MetricColumn[],
  { images, resampling: draws }: ClaimOptions = {},
): Direction[] {
  const ids = points.map((point) => point.id);
  const judged = claims.flatMap((claim) => {
    const metric = metrics.find(({ name }) => name === claim.metric);
    if (!metric || !ids.includes(claim.better) || !ids.includes(claim.worse)) return [];
    const [better, worse] = [claim.better, claim.worse].map((id) => distances(findPoint(points, id), metric, images));
    const plan = resampling(better.length, better[0].length, draws);
    return [{ claim, metric, difference: pairedDifference(better, worse, plan) }];
  });
  const corrected = holm(judged.map(({ difference }) => difference.p));
  return judged.map(({ claim, metric, difference }, i) => {
    const evidence = { ...storedEnds(difference), pHolm: corrected[i] };
    return {
      ...claim,
      mean: difference.mean,
      ...evidence,
      effectSize: finiteOrNull(difference.effectSize),
      verdict: judge(evidence, metric.better === "higher" ? 1 : -1),
    };
  });
}

function distances(point: Point, metric: MetricColumn, images?: readonly string[]): number[][] {
  const rows = observations(point, metric);
  const judged = metric.better === "one" ? rows.map((row) => row.map((value) => Math.abs(value - 1))) : rows;
  return metric.level === "image" && images ? joinCrops(judged, images) : judged;
}
