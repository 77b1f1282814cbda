import type { Comparison, Results } from "../../experiment/mod.ts";
import { type Figure, figure } from "../figure.ts";
import type { Mark } from "../figure_spec.ts";
import { ink, palette } from "../palette.ts";
import { isBounded, toneOf } from "../tables/difference_table.ts";
import { metricOf, pointLabel } from "../tables/labels.ts";
import { metricAxis } from "../tables/metric_label.ts";

const TONES = {
  good: { label: "better", colour: palette[0] },
  bad: { label: "worse", colour: palette[1] },
  muted: { label: "not resolved", colour: ink.axis },
  plain: { label: "different", colour: palette[2] },
} as const;

/**
 * Plot how every arm differs from a control in a metric, with its 95 % interval.
 *
 * @returns Undefined where the run has no such comparison.
 */
export function differenceFigure(results: Results, control: string, metricName: string): Figure | undefined {
  const metric = metricOf(results, metricName);
  const found = results.comparisons.filter((each) => each.control === control && each.metric === metricName);
  if (!metric || found.length === 0) return undefined;
  const place = (comparison: Comparison) => found.indexOf(comparison);
  const marks = (Object.keys(TONES) as (keyof typeof TONES)[]).flatMap((tone): Mark[] => {
    const group = found.filter((comparison) => toneOf(comparison, metric) === tone);
    return group.length === 0 ? [] : [{
      kind: "points",
      label: TONES[tone].label,
      colour: TONES[tone].colour,
      x: group.map(({ mean }) => mean),
      y: group.map(place),
      errorX: group.map((each) => isBounded(each) ? { below: each.mean - each.low, above: each.high - each.mean } : 0),
    }];
  });
  return figure({
    title: `Δ ${metric.label}: arm − ${pointLabel(results, control)}`,
    caption: metric.level === "set"
      ? "Paired by noise; 95 % intervals over seeds alone, as the measure is one of the whole set."
      : "Paired by image and noise; 95 % intervals over seeds and images.",
    x: { label: `Δ ${metricAxis(metric)}` },
    y: { label: "", reversed: true, ticks: found.map(({ arm }, at) => ({ at, text: pointLabel(results, arm) })) },
    marks: [{ kind: "rule", axis: "x", at: 0, label: "", unlisted: true, colour: ink.soft }, ...marks],
    height: 110 + 25 * found.length,
  });
}
