import type { MetricColumn } from "../results.ts";
import { bootstrapInterval } from "../statistics/bootstrap.ts";
import { holm } from "../statistics/holm.ts";
import { mean } from "../statistics/moments.ts";
import { pairedDifference } from "../statistics/paired.ts";
import { kendall, spearman } from "../statistics/rank.ts";
import { resampling } from "../statistics/resampling.ts";
import { storedEnds } from "../statistics/verdict.ts";
import type { EvaluatedFolder, EvaluationSummary, FolderComparison, RankAgreement } from "./evaluation.ts";

type Values = readonly (number | null)[];

/**
 * Mean and interval over the images that were measured.
 *
 * @param infinite Images whose value is infinite; they are not among `values`.
 */
export function summarise(values: Values, infinite = 0): EvaluationSummary {
  const known = values.filter((value) => value !== null), count = known.length;
  if (count === 0) return { mean: null, low: null, high: null, count, infinite };
  return { mean: mean(known), ...storedEnds(bootstrapInterval([known], resampling(1, count))), count, infinite };
}

/** The first folder against every other, on the images that both have. */
export function compareFolders(folders: readonly EvaluatedFolder[], metrics: readonly string[]): FolderComparison[] {
  const [first, ...others] = folders;
  const compared = others.flatMap((other) =>
    metrics.flatMap((metric) => {
      const [ours, theirs] = both(first.perImage[metric], other.perImage[metric]);
      if (ours.length === 0) return [];
      const difference = pairedDifference([ours], [theirs]);
      return [{ metric, folder: first.name, control: other.name, difference, count: ours.length }];
    })
  );
  const corrected = holm(compared.map(({ difference }) => difference.p));
  return compared.map(({ difference, ...rest }, i) => ({
    ...rest,
    mean: difference.mean,
    ...storedEnds(difference),
    pHolm: corrected[i],
  }));
}

/** How far every two metrics order the images of a folder alike. */
export function rankAgreement(
  { name, perImage }: EvaluatedFolder,
  metrics: readonly Pick<MetricColumn, "name" | "better">[],
): RankAgreement[] {
  return metrics.flatMap((a, i) =>
    metrics.slice(i + 1).flatMap((b) => {
      const [x, y] = both(perImage[a.name], perImage[b.name]);
      if (x.length < 2) return [];
      const [p, q] = [x.map(merit(a)), y.map(merit(b))];
      const record = { folder: name, a: a.name, b: b.name, count: x.length };
      return [{ ...record, spearman: stored(spearman(p, q)), kendall: stored(kendall(p, q)) }];
    })
  );
}

function merit({ better }: Pick<MetricColumn, "better">): (value: number) => number {
  return (value) => better === "higher" ? value : better === "lower" ? -value : -Math.abs(value - 1);
}

function both(a: Values, b: Values): [number[], number[]] {
  const indices = a.flatMap((value, i) => value !== null && b[i] !== null ? [i] : []);
  return [indices.map((i) => a[i]!), indices.map((i) => b[i]!)];
}

function stored(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
