import type { MetricColumn, Offset, Point } from "../results.ts";
import { envelopeValue, type FrontierPoint } from "./frontier.ts";
import { mean, standardDeviation } from "./moments.ts";
import { findPoint } from "./observations.ts";

/** What {@link frontierOffsets} measures. */
export interface OffsetRequest {
  /** All points of the run. */
  readonly points: readonly Point[];
  /** All metrics of the run. */
  readonly metrics: readonly MetricColumn[];
  /** Ids of the untouched reference at several step counts, from few to many. */
  readonly euler: readonly string[];
  /** Ids of its mixes with the posterior mean, the unmixed sample first, then by falling weight. */
  readonly mix: readonly string[];
  /** Ids of the points that are placed. */
  readonly arms: readonly string[];
  /** Metrics that are held equal, for instance `swd` and `hfRatio`. */
  readonly at: readonly string[];
  /** Metrics that are compared, for instance `psnrDb` and `ssim`. */
  readonly of: readonly string[];
}

/**
 * Place every arm against the curve that untouched sampling alone can reach: `arm - curve` at the arm's own realism.
 *
 * Offsets are taken seed by seed, against that seed's own curve, and then averaged. `euler` is the reference at
 * several step counts; `envelope` is the better of it and the mix at each place. A seed at which the arm lies outside
 * the curve is left out and counted; with none inside the mean is null, with fewer than two the standard deviation.
 *
 * @returns Frontier by frontier, arm by arm. Pairs of equal metrics and metrics best at 1 are left out.
 * @throws {RangeError} If an id is unknown or a curve has fewer than two points.
 */
export function frontierOffsets(request: OffsetRequest): Offset[] {
  const { points, metrics, euler, mix, arms, at, of } = request;
  const curves = { euler: [euler], envelope: mix.length > 1 ? [euler, mix] : [euler] };
  const compared = of.flatMap((name) => metrics.filter((m) => m.name === name && m.better !== "one"));
  return (["euler", "envelope"] as const).flatMap((frontier) =>
    arms.flatMap((id) =>
      at.flatMap((held) =>
        compared.filter((metric) => metric.name !== held).map((metric): Offset => {
          const perSeed = findPoint(points, id).perSeed.map((run) => {
            const ladder = curves[frontier].map((ids) => ids.map((each) => atSeed(points, each, run.seed)));
            const better = metric.better === "higher" ? "higher" : "lower";
            const expected = envelopeValue(ladder, { at: held, value: run.values[held], of: metric.name, better });
            return expected === null ? null : run.values[metric.name] - expected;
          });
          return { point: id, frontier, metric: metric.name, at: held, ...summary(perSeed) };
        })
      )
    )
  );
}

function atSeed(points: readonly Point[], id: string, seed: number): FrontierPoint {
  const run = findPoint(points, id).perSeed.find((each) => each.seed === seed);
  if (!run) throw new RangeError(`Cannot read a frontier as every seed needs its own: ${id} has no seed ${seed}`);
  return run.values;
}

function summary(perSeed: readonly (number | null)[]): Pick<Offset, "mean" | "sd" | "perSeed" | "outside"> {
  const inside = perSeed.filter((value) => value !== null);
  return {
    mean: inside.length > 0 ? mean(inside) : null,
    sd: inside.length > 1 ? standardDeviation(inside) : null,
    perSeed,
    outside: perSeed.length - inside.length,
  };
}
