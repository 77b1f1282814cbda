import type { Comparison, MetricColumn, Point } from "../results.ts";
import { holm } from "./holm.ts";
import { findPoint, joinCrops, observations } from "./observations.ts";
import { pairedDifference } from "./paired.ts";
import { type Resampling, resampling, type ResamplingOptions } from "./resampling.ts";
import { finiteOrNull, storedEnds } from "./verdict.ts";

/** What {@link comparePoints} compares. */
export interface ComparisonRequest {
  /** All points of the run. */
  readonly points: readonly Point[];
  /** Metrics to compare in. */
  readonly metrics: readonly MetricColumn[];
  /** Ids of the points to compare. */
  readonly arms: readonly string[];
  /** Ids of the points that each of them is compared with; a point is never compared with itself. */
  readonly controls: readonly string[];
  /** The photograph of every test crop; its crops count as one observation. By default every crop has its own. */
  readonly images?: readonly string[];
  /** Draws of the bootstrap. */
  readonly resampling?: ResamplingOptions;
}

/**
 * Compare every arm with every control in every metric, paired by crop and noise.
 *
 * p-values are corrected by Holm over all comparisons of one metric. The ends of an interval that nothing bounds (one
 * seed and a metric of the whole set) are null.
 *
 * @returns Metric by metric, control by control, arm by arm.
 * @throws {RangeError} If an id is unknown or a point lacks a metric.
 */
export function comparePoints(request: ComparisonRequest): Comparison[] {
  const plans = new Map<string, Resampling>();
  const observed = (id: string, metric: MetricColumn): number[][] => {
    const rows = observations(findPoint(request.points, id), metric);
    return metric.level === "image" && request.images ? joinCrops(rows, request.images) : rows;
  };
  return request.metrics.flatMap((metric) => {
    const pairs = request.controls.flatMap((control) =>
      request.arms.filter((arm) => arm !== control).map((arm) => ({ arm, control }))
    );
    const compared = pairs.map(({ arm, control }) => {
      const ours = observed(arm, metric), theirs = observed(control, metric);
      const shape = `${ours.length} ${ours[0].length}`;
      if (!plans.has(shape)) plans.set(shape, resampling(ours.length, ours[0].length, request.resampling));
      return pairedDifference(ours, theirs, plans.get(shape));
    });
    const corrected = holm(compared.map(({ p }) => p));
    return pairs.map(({ arm, control }, i): Comparison => {
      const { mean, perSeed, effectSize } = compared[i];
      return {
        metric: metric.name,
        arm,
        control,
        mean,
        ...storedEnds(compared[i]),
        perSeed,
        effectSize: finiteOrNull(effectSize),
        pHolm: corrected[i],
      };
    });
  });
}
