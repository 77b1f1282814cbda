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
        const some = count < images.length ? [`(${count} of ${images.length})`] : [];
        const parts = [interval(low, high, metric.digits), ...some].filter((part) => part !== "");
        return cell(formatFixed(mean, metric.digits), { detail: parts.join(" ") });
      }),
    ]),
    notes: [
      protocolText,
      ...metrics.flatMap(({ label, parameters }) =>
        parameters === null ? [] : [`${label}: parameters of ${parameters}`]
      ),
      ...engine === null ? [] : [engine.replace("Engine", "Engine of the networks")],
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

/** Tabulate, folder by folder, how far every two metrics order its images alike. */
export function rankAgreementTables({ agreement, metrics, folders }: FolderEvaluation): Table[] {
  return folders.flatMap(({ name }) => {
    const own = agreement.filter(({ folder }) => folder === name);
    const ranked = metrics.filter(({ name }) => own.some(({ a, b }) => a === name || b === name));
    if (ranked.length === 0) return [];
    const rows = ranked.map((row, i) => [
      cell(`${i + 1} ${row.label}`),
      ...ranked.map((column, j): Cell => {
        const [a, b] = i < j ? [row, column] : [column, row];
        const pair = own.find((one) => one.a === a.name && one.b === b.name);
        return cell(pair ? formatSigned(i < j ? pair.spearman : pair.kendall, 2) : "");
      }),
    ]);
    return [{
      caption:
        `Rank agreement over the images of ${name}, better counted as higher: Spearman above the diagonal, Kendall ` +
        "below.",
      columns: [
        { label: "metric", align: "left" },
        ...ranked.map((_, i) => ({
          label: String(i + 1),
          align: "right" as const,
        })),
      ],
      rows,
    }];
  });
}

function title(metric: EvaluationColumn): string {
  return metricLabel(metric) + (metric.unit === "" ? "" : ` (${metric.unit})`);
}

function interval(low: number | null, high: number | null, digits: number): string {
  return low === null || high === null ? "" : `[${formatFixed(low, digits)}, ${formatFixed(high, digits)}]`;
}
