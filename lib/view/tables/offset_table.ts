import { type Offset, placeOf, type Results } from "../../experiment/mod.ts";
import { formatSigned, formatSpread } from "../numbers.ts";
import { type Cell, cell, type Table } from "../table.ts";
import { evidenceText } from "./difference_table.ts";
import { metricOf, pointLabel } from "./labels.ts";
import { metricLabel } from "./metric_label.ts";

const FRONTIERS: Readonly<Record<Offset["frontier"], string>> = {
  euler: "Arm − SFT at other step counts, at the arm's own realism",
  envelope: "Arm − the better of step counts and mix, at the arm's own realism: the demanding comparison",
};

/**
 * Tabulate how far every arm lies from a frontier at equal realism.
 *
 * Marked, with several seeds: resolved. (n/m): seeds inside the frontier's range.
 *
 * @param columnNames Metric and what is held equal, `psnrDb at swd`; all by default.
 */
export function offsetTable(results: Results, frontier: Offset["frontier"], columnNames?: readonly string[]): Table {
  const found = results.offsets.filter((offset) =>
    offset.frontier === frontier && (columnNames?.includes(`${offset.metric} at ${offset.at}`) ?? true)
  );
  const arms = [...new Set(found.map(({ point }) => point))];
  const columns = [...new Map(found.map(({ metric, at }) => [`${metric} ${at}`, { metric, at }])).values()];
  return {
    caption: `${FRONTIERS[frontier]}.`,
    columns: [
      { label: "", align: "left" },
      ...columns.map(({ metric, at }) => ({ label: columnLabel(results, metric, at), align: "right" as const })),
    ],
    rows: arms.map((arm) => [
      cell(pointLabel(results, arm)),
      ...columns.map(({ metric, at }) => {
        const offset = found.find((each) => each.point === arm && each.metric === metric && each.at === at);
        return offset ? offsetCell(results, offset) : cell("–");
      }),
    ]),
    notes: [
      "± standard deviation over seeds, [95 % interval] over seeds and photographs, with the realism held equal taken as measured; p by Holm over the arms. Marked, with several seeds: the interval leaves out zero and p < 0.05. (n/m): seeds inside the frontier's range; outside: none. Where a frontier passes the same realism twice, its better passage counts.",
    ],
  };
}

/** Whether an offset is clear: resolved, at the greater part of several seeds. */
export function isClear(offset: Offset): boolean {
  return offset.perSeed.length > 1 && ["above", "below"].includes(placeOf(offset));
}

function offsetCell(results: Results, offset: Offset): Cell {
  const { mean, sd, perSeed, outside } = offset, hint = "Outside the frontier's range at every seed";
  if (mean === null) return cell("outside", { tone: "muted", hint });
  const metric = metricOf(results, offset.metric);
  const digits = (metric?.digits ?? 3) + (metric?.name === "psnrDb" ? 1 : 0); // offsets in PSNR are small
  const inside = outside > 0 ? `(${perSeed.length - outside}/${perSeed.length})` : "";
  const good = metric?.better === "higher" ? mean > 0 : mean < 0;
  return cell(formatSigned(mean, digits), {
    detail: [formatSpread(sd, digits), evidenceText(offset, digits), inside].filter(Boolean).join(" "),
    bold: isClear(offset),
    tone: isClear(offset) ? (good ? "good" : "bad") : "plain",
    hint: `by seed ${perSeed.map((value) => value === null ? "outside" : formatSigned(value, digits)).join(", ")}`,
  });
}

function columnLabel(results: Results, metric: string, at: string): string {
  const compared = metricOf(results, metric), held = metricOf(results, at);
  return `Δ ${compared ? metricLabel(compared) : metric} at equal ${held?.label ?? at}`;
}
