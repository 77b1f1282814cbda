import type { EvaluationColumn, FolderEvaluation } from "../../experiment/mod.ts";
import { formatFixed, formatP, formatSigned } from "../numbers.ts";
import { type Cell, cell, type Table } from "../table.ts";
import { metricLabel } from "./metric_label.ts";

/** Tabulate folders of results: mean and 95 % interval of every metric, over the images that could be measured. */
export function evaluationTable({ folders, metrics, images, protocolText, engine }: FolderEvaluation): Table {
  return {
    caption: `Mean over ${images.length} images and 95 % bootstrap interval.`,
    columns: [
      { label: "metric", align: "left" },
      ...folders.map(({ name }) => ({ label: name, align: "right" as const })),
    ],
    rows: metrics.map((metric) => [
      cell(title(metric), { hint: metric.source }),
      ...folders.map(({ summary }): Cell => {
        if (metric.unavailable !== null) return cell("not available", { tone: "muted", hint: metric.unavailable });
        const { mean, low, high, count } = summary[metric.name];
        const some = count < images.length ? ` (${count} images)` : "";
        return cell(formatFixed(mean, metric.digits), { detail: interval(low, high, metric.digits) + some });
      }),
    ]),
    notes: [
      protocolText,
      ...metrics.flatMap(({ label, parameters }) =>
        parameters === null ? [] : [`${label}: parameters of ${parameters}`]
      ),
      ...engine === null ? [] : [`Networks on ${engine}`],
    ],
  };
}

/** Tabulate the differences of the first folder from the others, paired by image. */
export function folderComparisonTable({ comparisons, metrics }: FolderEvaluation): Table {
  const labels = ["metric", "difference", "95 % interval", "p (Holm)", "images"];
  return {
    caption: "Paired differences, first folder less the other.",
    columns: labels.map((label, i) => ({ label, align: i === 0 ? "left" : "right" })),
    rows: comparisons.map(({ metric, folder, control, mean, low, high, pHolm, count }) => {
      const column = metrics.find(({ name }) => name === metric)!;
      const clear = low !== null && high !== null && low * high > 0;
      const better = mean > 0 === (column.better === "higher");
      return [
        cell(`${title(column)}  ${folder} - ${control}`),
        cell(formatSigned(mean, column.digits), clear ? { tone: better ? "good" : "bad" } : {}),
        cell(interval(low, high, column.digits)),
        cell(formatP(pHolm)),
        cell(String(count)),
      ];
    }),
  };
}

/** Tabulate how far two metrics order the images of a folder alike. */
export function rankAgreementTable({ agreement, metrics }: FolderEvaluation): Table {
  const label = (name: string) => metrics.find((metric) => metric.name === name)!.label;
  const several = new Set(agreement.map(({ folder }) => folder)).size > 1;
  return {
    caption: "Rank agreement over images, better counted as higher.",
    columns: ["metrics", "Spearman", "Kendall"].map((label, i) => ({ label, align: i === 0 ? "left" : "right" })),
    rows: agreement.map(({ folder, a, b, spearman, kendall }) => [
      cell(`${label(a)}, ${label(b)}${several ? `  ${folder}` : ""}`),
      cell(formatSigned(spearman, 2)),
      cell(formatSigned(kendall, 2)),
    ]),
  };
}

function title(metric: EvaluationColumn): string {
  return metricLabel(metric) + (metric.unit === "" ? "" : ` (${metric.unit})`);
}

function interval(low: number | null, high: number | null, digits: number): string {
  return low === null || high === null ? "" : `[${formatFixed(low, digits)}, ${formatFixed(high, digits)}]`;
}
