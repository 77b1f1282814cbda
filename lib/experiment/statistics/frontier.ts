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
  /** Which of two values of that metric is the better one. */
  readonly better: "higher" | "lower";
}

/** Where a curve passes the value held equal: between two neighbouring points. */
export interface Passage {
  /** Value of the metric that is read off. */
  readonly value: number;
  /** Index of the point before the place. */
  readonly from: number;
  /** Share of the way to the next point, in [0, 1]. */
  readonly share: number;
}

/**
 * Read off the best value of a metric that a curve reaches where another metric has a given value, linear between
 * neighbouring points.
 *
 * A curve may turn back: with more and more sampling steps realism first rises and may then fall. It is followed from
 * point to point as it was made, and where it passes the same realism twice the better passage counts, as anybody may
 * choose it.
 *
 * @param points The curve at one seed, in the order of its parameter (step counts, weights of a mix).
 * @returns Null where the value lies outside the curve's range: nothing is extrapolated.
 * @throws {RangeError} If the curve has fewer than two points or a point lacks a metric.
 */
export function frontierPassage(points: readonly FrontierPoint[], query: FrontierQuery): Passage | null {
  const { at, of } = query;
  if (points.length < 2) {
    throw new RangeError(`Cannot interpolate a frontier as it needs two points: current value is ${points.length}`);
  }
  for (const metric of [at, of]) {
    if (points.some((point) => !Number.isFinite(point[metric]))) {
      throw new RangeError(`Cannot interpolate a frontier as every point needs a finite value: ${metric} has none`);
    }
  }
  return best(points.slice(1).flatMap((point, i) => passages(points[i], point, i, query)), query);
}

/** Read off the value of {@link frontierPassage} alone. */
export function frontierValue(points: readonly FrontierPoint[], query: FrontierQuery): number | null {
  return frontierPassage(points, query)?.value ?? null;
}

/**
 * Read off the best value of a metric that any of several curves reaches.
 *
 * @returns The place, and the index of its curve; null where the value lies outside every curve.
 * @throws {RangeError} As {@link frontierPassage} does.
 */
export function envelopePassage(
  curves: readonly (readonly FrontierPoint[])[],
  query: FrontierQuery,
): Passage & { readonly curve: number } | null {
  return best(
    curves.flatMap((points, curve) => {
      const passage = frontierPassage(points, query);
      return passage ? [{ ...passage, curve }] : [];
    }),
    query,
  );
}

/** Read off the value of {@link envelopePassage} alone. */
export function envelopeValue(curves: readonly (readonly FrontierPoint[])[], query: FrontierQuery): number | null {
  return envelopePassage(curves, query)?.value ?? null;
}

/** Places at which the straight line between two points passes the value held equal. */
function passages(a: FrontierPoint, b: FrontierPoint, from: number, { at, value, of }: FrontierQuery): Passage[] {
  if (value < Math.min(a[at], b[at]) || value > Math.max(a[at], b[at])) return [];
  if (a[at] === b[at]) return [{ value: a[of], from, share: 0 }, { value: b[of], from, share: 1 }];
  const share = (value - a[at]) / (b[at] - a[at]);
  return [{ value: a[of] + (b[of] - a[of]) * share, from, share }];
}

function best<P extends Passage>(places: readonly P[], { better }: FrontierQuery): P | null {
  const sign = better === "higher" ? 1 : -1;
  return places.reduce<P | null>((top, place) => top && sign * top.value >= sign * place.value ? top : place, null);
}
