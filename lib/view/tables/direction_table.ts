import type { Direction, Results, Verdict } from "../../experiment/mod.ts";
import { formatSigned } from "../numbers.ts";
import { cell, type Table, type Tone } from "../table.ts";
import { evidenceText } from "./difference_table.ts";
import { metricOf, pointLabel } from "./labels.ts";
import { metricLabel } from "./metric_label.ts";

/** Colour of a verdict. */
export const verdictTones: Readonly<Record<Verdict, Tone>> = {
  reproduced: "good",
  "not resolved": "muted",
  contradicted: "bad",
};

/** Tabulate every ordering that the paper claims beside ours, with the verdict on its direction. */
export function directionTable(results: Results): Table {
  return {
    caption:
      "Differences better − worse, as the paper orders them, with 95 % intervals and p by Holm over these directions. " +
      "Resolved is a direction whose interval leaves out zero with p < 0.05.",
    columns: [
      { label: "The paper says", align: "left" },
      { label: "Metric", align: "left" },
      { label: "Paper", align: "right" },
      { label: "Here", align: "right" },
      { label: "Verdict", align: "left" },
      { label: "Note", align: "left" },
    ],
    rows: results.directions.map((direction) => {
      const metric = metricOf(results, direction.metric), digits = metric?.digits ?? 3;
      const { paper, mean, verdict } = direction;
      return [
        cell(`${pointLabel(results, direction.better)} > ${pointLabel(results, direction.worse)}`),
        cell(metric ? metricLabel(metric) : direction.metric),
        cell(paper ? formatSigned(paper.better - paper.worse, digits) : "–"),
        cell(formatSigned(mean, digits), { detail: evidenceText(direction, digits) }),
        cell(verdict, { tone: verdictTones[verdict], bold: true }),
        cell(direction.note ?? "", { tone: "muted" }),
      ];
    }),
  };
}

/** Count the verdicts of a run; an ordering with two readings counts once, by the first. */
export function countVerdicts(directions: readonly Direction[]): Readonly<Record<Verdict, number>> {
  const counted = directions.filter(({ alternative }) => !alternative);
  const count = (verdict: Verdict) => counted.filter((direction) => direction.verdict === verdict).length;
  return {
    reproduced: count("reproduced"),
    "not resolved": count("not resolved"),
    contradicted: count("contradicted"),
  };
}
