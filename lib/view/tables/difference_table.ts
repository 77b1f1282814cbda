import { type Comparison, type Evidence, type MetricColumn, resolvedSign, type Results } from "../../experiment/mod.ts";
import { formatFixed, formatSigned, pText } from "../numbers.ts";
import { type Cell, cell, type Table, type Tone } from "../table.ts";
import { pointLabel } from "./labels.ts";
import { metricLabel } from "./metric_label.ts";

/**
 * Tabulate how every arm differs from a control: mean, 95 % interval and the seeds that agree in sign.
 *
 * A resolved difference is coloured by whether it is for the better.
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
    caption: `Arm − ${
      pointLabel(results, control)
    }, paired by image and noise, with 95 % bootstrap intervals and p by Holm over all comparisons of a metric.`,
    columns: [
      { label: "", align: "left" },
      ...metrics.map((metric) => ({ label: `Δ ${metricLabel(metric)}`, align: "right" as const, hint: metric.unit })),
    ],
    stacked: true,
    notes: [
      "Below the mean: 95 % interval over seeds and photographs (over seeds alone for measures of the whole set, and widened as few seeds demand), p, and how many seeds have the sign of the mean. Coloured: the interval leaves out zero and p < 0.05.",
    ],
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
  const { mean, perSeed } = comparison;
  const agreeing = perSeed.filter((value) => Math.sign(value) === Math.sign(mean)).length;
  const agreement = perSeed.length > 1 ? `${agreeing}/${perSeed.length}` : "";
  const bySeed = perSeed.map((value) => formatFixed(value, metric.digits + 1)).join(", ");
  return cell(formatSigned(mean, metric.digits), {
    detail: [evidenceText(comparison, metric.digits), agreement].filter((part) => part !== "").join(" "),
    tone: toneOf(comparison, metric),
    hint: `by seed: ${bySeed}`,
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

/** Write an interval and its corrected p-value; nothing where it has no ends. */
export function evidenceText(evidence: StoredInterval & Evidence, digits: number): string {
  return isBounded(evidence) ? [intervalText(evidence, digits), pText(evidence.pHolm)].filter(Boolean).join(" ") : "";
}

/** Colour of a difference: none where it is not resolved or the metric has no single direction. */
export function toneOf(evidence: Evidence, { better }: Pick<MetricColumn, "better">): Tone {
  const sign = resolvedSign(evidence);
  if (sign === 0) return "muted";
  if (better === "one") return "plain";
  return (sign > 0) === (better === "higher") ? "good" : "bad";
}
