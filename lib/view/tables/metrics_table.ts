import { type MetricColumn, type Point, type PointKind, type Results, spread } from "../../experiment/mod.ts";
import { formatFixed, formatSpread } from "../numbers.ts";
import { type Cell, cell, type Row, type Table } from "../table.ts";
import { seedValues } from "./labels.ts";
import { merit, metricLabel } from "./metric_label.ts";

const GROUPS: readonly (readonly [PointKind, string])[] = [
  ["arm", "Trained arms"],
  ["armMix", "Trained arms mixed with their own posterior mean"],
  ["sampler", "SFT, other samplers (training-free)"],
  ["mix", "SFT mixed with the posterior mean (training-free)"],
  ["baseline", "Baselines"],
];

/**
 * Tabulate the metrics of every point: mean and standard deviation over the seeds, the best trained arm in bold.
 *
 * @param names Metrics to show; all by default.
 */
export function metricsTable(results: Results, names?: readonly string[]): Table {
  const { points, seeds } = results;
  const metrics = results.metrics.filter(({ name }) => names?.includes(name) ?? true);
  const arms = points.filter(({ kind }) => kind === "arm");
  const best = new Map(metrics.map((metric) => [metric.name, bestOf(arms, metric)]));
  const rows = GROUPS.flatMap(([kind, heading]): Row[] => {
    const group = points.filter((point) => point.kind === kind);
    return group.length === 0 ? [] : [
      { heading },
      ...group.map((point) => [
        cell(point.label, { hint: point.description }),
        cell(point.evaluations === 0 ? "–" : String(point.evaluations), { tone: "muted" }),
        ...metrics.map((metric) => valueCell(point, metric, best.get(metric.name) === point.id)),
      ]),
    ];
  });
  return {
    caption: seeds.length > 1
      ? `Mean ± standard deviation over ${seeds.length} seeds; marked: the best trained arm.`
      : "One seed; marked: the best trained arm.",
    columns: [
      { label: "", align: "left" },
      { label: "NFE", align: "right", hint: "Network evaluations per image" },
      ...metrics.map((metric) => ({ label: metricLabel(metric), align: "right" as const, hint: metric.unit })),
    ],
    rows,
    notes: metrics.some(({ source }) => source)
      ? [metrics.flatMap(({ label, source }) => source ? [`${label}: ${source}`] : []).join(". ") + "."]
      : [],
  };
}

function valueCell(point: Point, metric: MetricColumn, bold: boolean): Cell {
  const values = seedValues(point, metric.name);
  const { mean, sd } = spread(values);
  const perSeed = point.perSeed.map(({ seed }, i) => `seed ${seed}: ${formatFixed(values[i], metric.digits + 1)}`);
  return cell(formatFixed(mean, metric.digits), {
    detail: formatSpread(sd, metric.digits),
    bold,
    hint: perSeed.join(", "),
  });
}

function bestOf(points: readonly Point[], metric: MetricColumn): string | undefined {
  const ranked = points.map((point) => ({
    id: point.id,
    value: merit(spread(seedValues(point, metric.name)).mean, metric),
  }));
  return ranked.sort((a, b) => b.value - a.value)[0]?.id;
}
