import type { MetricColumn, Point, Results } from "../../experiment/mod.ts";

/** Name of a point for people; its id where it is unknown. */
export function pointLabel(results: Results, id: string): string {
  return results.points.find((point) => point.id === id)?.label ?? id;
}

/** The metric of a name; undefined where the run has none of it. */
export function metricOf(results: Results, name: string | null): MetricColumn | undefined {
  return results.metrics.find((metric) => metric.name === name);
}

/** Values of a metric of a point at every seed. */
export function seedValues(point: Point, metric: string): number[] {
  return point.perSeed.map(({ values }) => values[metric]);
}
