import type { MetricColumn, Point } from "../results.ts";

/**
 * Collect what a point measured of a metric: one row a seed, one column an image, or one column where the metric
 * exists only for the whole set.
 *
 * @throws {RangeError} If the point lacks the metric at a seed.
 */
export function observations(point: Point, metric: MetricColumn): number[][] {
  return point.perSeed.map((run) => {
    const row = metric.level === "image" ? run.perImage[metric.name] : [run.values[metric.name]];
    if (!row?.length || row.some((value) => value === undefined)) {
      throw new RangeError(`Cannot read ${metric.name} of ${point.id} as seed ${run.seed} has no value of it`);
    }
    return [...row];
  });
}

/**
 * Find a point by its id.
 *
 * @throws {RangeError} If there is none.
 */
export function findPoint(points: readonly Point[], id: string): Point {
  const found = points.find((point) => point.id === id);
  if (!found) throw new RangeError(`Cannot find point as ids are ${points.map((p) => p.id)}: current value is ${id}`);
  return found;
}
