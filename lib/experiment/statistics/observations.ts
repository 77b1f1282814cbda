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
 * Join the crops of one photograph into one observation: they are alike, and to count each of them as independent would
 * make intervals too narrow.
 *
 * @param rows One row a seed, one column a crop. `[seeds][crops]`
 * @param images The photograph of every crop.
 * @returns One column a photograph, in the order of first occurrence: the sum of its crops, scaled so that every row keeps
 * its mean. Where all photographs have equally many crops it is their mean. `[seeds][photographs]`
 * @throws {RangeError} If a row has another number of crops.
 */
export function joinCrops(rows: readonly (readonly number[])[], images: readonly string[]): number[][] {
  const wrong = rows.find((row) => row.length !== images.length);
  if (wrong) {
    throw new RangeError(`Cannot join crops as ${images.length} have a photograph: current value is ${wrong.length}`);
  }
  const names = [...new Set(images)], place = new Map(names.map((name, i) => [name, i]));
  return rows.map((row) => {
    const sums = names.map(() => 0);
    row.forEach((value, crop) => sums[place.get(images[crop])!] += value);
    return sums.map((sum) => sum * names.length / images.length);
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
