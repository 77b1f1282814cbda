import type { Comparison, MetricColumn, Results } from "../../experiment/mod.ts";
import { formatFixed, formatP, formatSigned } from "../numbers.ts";
import { type Cell, cell, type Table, type Tone } from "../table.ts";
import { pointLabel } from "./labels.ts";
import { metricLabel } from "./metric_label.ts";

/**
 * Tabulate how every arm differs from a control: mean, 95 % interval and the seeds that agree in sign.
 *
 * A difference whose interval leaves out zero is coloured by whether it is for the better; the p-value is its hint.
 *
 * @param names Metrics to show; all by default.
 */
export function differenceTable(results: Results, control: string, names?: readonly string[]): Table {
  const found = results.comparisons.filter((comparison) => comparison.control === control);
  const arms = [...new Set(found.map(({ arm }) => arm))];
  const metrics = results.metrics.filter(({ name }) =>
    (names?.includes(name) ?? true) && found.some(({ metric }) => metric === name)
  );
  return {
    caption: `Arm − ${pointLabel(results, control)}, paired by image and noise, with 95 % bootstrap intervals.`,
    columns: [
      { label: "", align: "left" },
      ...metrics.map((metric) => ({ label: `Δ ${metricLabel(metric)}`, align: "right" as const, hint: metric.unit })),
    ],
    stacked: true,
    rows: arms.map((arm) => [
      cell(pointLabel(results, arm)),
      ...metrics.map((metric) => {
        const comparison = found.find((each) => each.arm === arm && each.metric === metric.name);
        return comparison ? differenceCell(comparison, metric) : cell("–");
      }),
    ]),
  };
}

/** The controls that a run compared its arms with, in order. */
export function controlsOf(results: Results): string[] {
  return [...new Set(results.comparisons.map(({ control }) => control))];
}

/** Write a difference with its interval. */
export function differenceCell(comparison: Comparison, metric: MetricColumn): Cell {
  const { mean, perSeed, pHolm } = comparison;
  const agreeing = perSeed.filter((value) => Math.sign(value) === Math.sign(mean)).length;
  const agreement = perSeed.length > 1 ? `${agreeing}/${perSeed.length}` : "";
  const p = formatP(pHolm), relation = p.startsWith("<") ? "" : "= ";
  const bySeed = perSeed.map((value) => formatFixed(value, metric.digits + 1)).join(", ");
  return cell(formatSigned(mean, metric.digits), {
    detail: [intervalText(comparison, metric.digits), agreement].filter((part) => part !== "").join(" "),
    tone: toneOf(comparison, metric),
    hint: `p ${relation}${p} (Holm); by seed: ${bySeed}`,
  });
}

/** The ends of an interval, which are null where nothing bounds it. */
type StoredInterval = Pick<Comparison, "low" | "high">;

/** Whether an interval has ends: with one seed, metrics of the whole set have none. */
export function isBounded<T extends StoredInterval>(interval: T): interval is T & { low: number; high: number } {
  return typeof interval.low === "number" && typeof interval.high === "number";
}

/** Write an interval; nothing where it has no ends. */
export function intervalText(interval: StoredInterval, digits: number): string {
  return isBounded(interval) ? `[${formatSigned(interval.low, digits)}, ${formatSigned(interval.high, digits)}]` : "";
}

/** Colour of a difference: none where the interval holds zero or the metric has no single direction. */
export function toneOf(interval: StoredInterval, { better }: Pick<MetricColumn, "better">): Tone {
  if (!isBounded(interval) || (interval.low <= 0 && interval.high >= 0)) return "muted";
  if (better === "one") return "plain";
  return (interval.low > 0) === (better === "higher") ? "good" : "bad";
}
