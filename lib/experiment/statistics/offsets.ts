import type { MetricColumn, Offset, Point, PointSeed } from "../results.ts";
import { envelopePassage } from "./frontier.ts";
import { holm } from "./holm.ts";
import { mean, standardDeviation } from "./moments.ts";
import { findPoint, joinCrops } from "./observations.ts";
import { pairedDifference } from "./paired.ts";
import { type Resampling, resampling, type ResamplingOptions } from "./resampling.ts";
import { storedEnds } from "./verdict.ts";

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
  /** The photograph of every test crop; its crops count as one observation. By default every crop has its own. */
  readonly images?: readonly string[];
  /** Draws of the bootstrap. */
  readonly resampling?: ResamplingOptions;
}

/**
 * Place every arm against the curve that untouched sampling alone can reach: `arm - curve` at the arm's own realism.
 *
 * Offsets are taken seed by seed, against that seed's own curve, and then averaged. `euler` is the reference at
 * several step counts; `envelope` is the better of it and the mix at each place. A seed at which the arm lies outside
 * the curve is left out and counted; with none inside the mean is null, with fewer than two the standard deviation.
 *
 * Intervals are hierarchical bootstraps over seeds and photographs: an offset is linear in the values of the arm and of
 * the two points that it is interpolated between. The realism held equal is taken as measured; a metric of the whole set
 * has the seeds alone. A point of the curve itself, and an arm inside at one of several seeds, have no interval and no test.
 * p-values are corrected by Holm over the arms, for each frontier, metric and what is held equal.
 *
 * @returns Frontier by frontier, arm by arm. Pairs of equal metrics and metrics best at 1 are left out.
 * @throws {RangeError} If an id is unknown or a curve has fewer than two points.
 */
export function frontierOffsets(request: OffsetRequest): Offset[] {
  const { points, metrics, euler, mix, arms, at, of } = request;
  const curves = { euler: [euler], envelope: mix.length > 1 ? [euler, mix] : [euler] };
  const compared = of.flatMap((name) => metrics.filter((m) => m.name === name && m.better !== "one"));
  const plans = new Map<string, Resampling>(), onCurve = new Set([...euler, ...mix]);
  const offsets = (["euler", "envelope"] as const).flatMap((frontier) =>
    arms.flatMap((id) =>
      at.flatMap((held) =>
        compared.filter((metric) => metric.name !== held).map((metric): Uncorrected => {
          const placed = findPoint(points, id).perSeed.map((run) =>
            place(request, curves[frontier], { run, held, metric })
          );
          const perSeed = placed.map((each) => each && each.offset);
          const inside = placed.filter((each) => each !== null);
          return {
            point: id,
            frontier,
            metric: metric.name,
            at: held,
            ...summary(perSeed),
            ...(onCurve.has(id) ? UNTESTED : ends(inside, placed.length, plans, request)),
          };
        })
      )
    )
  );
  return correct(offsets);
}

/** Of what is not tested: a point of the curve itself, or one of several seeds, which speaks for itself alone. */
const UNTESTED = { low: null, high: null, p: null };

/** An offset with its own p-value. */
type Uncorrected = Omit<Offset, "pHolm"> & { readonly p: number | null };

function correct(offsets: readonly Uncorrected[]): Offset[] {
  const family = ({ frontier, metric, at }: Uncorrected) => `${frontier} ${metric} ${at}`;
  const corrected = new Map<Uncorrected, number>();
  for (const tests of Map.groupBy(offsets.filter(({ p }) => p !== null), family).values()) {
    holm(tests.map(({ p }) => p!)).forEach((p, i) => corrected.set(tests[i], p));
  }
  return offsets.map((offset) => {
    const { p: _, ...rest } = offset;
    return { ...rest, pHolm: corrected.get(offset) ?? null };
  });
}

/** An arm at one seed beside the frontier: its offset, and the same by photograph. */
interface Placed {
  readonly offset: number;
  readonly arm: readonly number[];
  readonly expected: readonly number[];
}

function place(
  { points, images }: OffsetRequest,
  curves: readonly (readonly string[])[],
  { run, held, metric }: { readonly run: PointSeed; readonly held: string; readonly metric: MetricColumn },
): Placed | null {
  const ladders = curves.map((ids) => ids.map((id) => atSeed(points, id, run.seed)));
  const better = metric.better === "higher" ? "higher" : "lower";
  const values = ladders.map((ladder) => ladder.map((each) => each.values));
  const query = { at: held, value: run.values[held], of: metric.name, better } as const;
  const passage = envelopePassage(values, query);
  if (passage === null) return null;
  const { curve, from, share, value } = passage;
  const row = (each: PointSeed): number[] => {
    if (metric.level === "set") return [each.values[metric.name]];
    return images ? joinCrops([each.perImage[metric.name]], images)[0] : [...each.perImage[metric.name]];
  };
  const before = row(ladders[curve][from]), after = row(ladders[curve][from + 1]);
  return {
    offset: run.values[metric.name] - value,
    arm: row(run),
    expected: before.map((x, i) => x + (after[i] - x) * share),
  };
}

function ends(
  placed: readonly Placed[],
  seeds: number,
  plans: Map<string, Resampling>,
  { resampling: draws }: OffsetRequest,
): Pick<Uncorrected, "low" | "high" | "p"> {
  if (placed.length < Math.min(2, seeds)) return UNTESTED;
  const shape = `${placed.length} ${placed[0].arm.length}`;
  if (!plans.has(shape)) plans.set(shape, resampling(placed.length, placed[0].arm.length, draws));
  const rows = (part: "arm" | "expected") => placed.map((each) => each[part]);
  const difference = pairedDifference(rows("arm"), rows("expected"), plans.get(shape));
  return { ...storedEnds(difference), p: difference.p };
}

function atSeed(points: readonly Point[], id: string, seed: number): PointSeed {
  const run = findPoint(points, id).perSeed.find((each) => each.seed === seed);
  if (!run) throw new RangeError(`Cannot read a frontier as every seed needs its own: ${id} has no seed ${seed}`);
  return run;
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
