/** A point of a distortion-realism curve: metric name to value, at one seed. */
export type FrontierPoint = Readonly<Record<string, number>>;

/** What {@link frontierValue} looks up. */
export interface FrontierQuery {
  /** The metric that is held equal, for instance `swd`. */
  readonly at: string;
  /** Its value. */
  readonly value: number;
  /** The metric that is read off the curve, for instance `psnrDb`. */
  readonly of: string;
}

/**
 * Read a metric off a curve where another metric has a given value, linear between neighbouring points.
 *
 * @param points The curve at one seed, in any order; it is followed in the order of the metric held equal.
 * @returns Null where the value lies outside the curve's range: nothing is extrapolated.
 * @throws {RangeError} If the curve has fewer than two points or a point lacks a metric.
 */
export function frontierValue(points: readonly FrontierPoint[], query: FrontierQuery): number | null {
  const { at, value, of } = query;
  if (points.length < 2) {
    throw new RangeError(`Cannot interpolate a frontier as it needs two points: current value is ${points.length}`);
  }
  for (const metric of [at, of]) {
    if (points.some((point) => !Number.isFinite(point[metric]))) {
      throw new RangeError(`Cannot interpolate a frontier as every point needs a finite value: ${metric} has none`);
    }
  }
  const sorted = [...points].sort((a, b) => a[at] - b[at]);
  const right = sorted.findIndex((point) => point[at] >= value);
  if (right < 0 || value < sorted[0][at]) return null;
  if (sorted[right][at] === value) return sorted[right][of];
  const a = sorted[right - 1], b = sorted[right];
  return a[of] + (b[of] - a[of]) * (value - a[at]) / (b[at] - a[at]);
}

/**
 * Read a metric off the envelope of several curves: the best of those whose range holds the value.
 *
 * @param better Which of two values of the metric read is the better one.
 * @returns Null where the value lies outside every curve.
 * @throws {RangeError} As {@link frontierValue} does.
 */
export function envelopeValue(
  curves: readonly (readonly FrontierPoint[])[],
  query: FrontierQuery,
  better: "higher" | "lower",
): number | null {
  const values = curves.map((curve) => frontierValue(curve, query)).filter((value) => value !== null);
  if (values.length === 0) return null;
  return better === "higher" ? Math.max(...values) : Math.min(...values);
}
