import type { EvaluationColumn, FolderEvaluation } from "../../experiment/mod.ts";
import { formatFixed, formatP, formatSigned } from "../numbers.ts";
import { type Cell, cell, type Table } from "../table.ts";
import { metricLabel } from "./metric_label.ts";

/** Tabulate folders of results: mean and 95 % interval of every metric, over the images that could be measured. */
export function evaluationTable(evaluation: FolderEvaluation): Table {
  const { folders, metrics, images, protocolText, engine } = evaluation;
  return {
    caption: images.length === 1
      ? "One image: nothing bounds its values."
      : `Mean over ${images.length} images and 95 % bootstrap interval.`,
    columns: [
      { label: "metric", align: "left" },
      ...folders.map(({ name }) => ({ label: name, align: "right" as const })),
    ],
    rows: metrics.map((metric) => [
      cell(title(metric), { hint: metric.source }),
      ...folders.map(({ summary }): Cell => {
        if (metric.unavailable !== null) return cell("not available", { tone: "muted", hint: metric.unavailable });
        const { mean, low, high, count, infinite } = summary[metric.name];
        const endless = infinite > 0 ? `, ${infinite} infinite` : "";
        const some = count < images.length ? [`(${count} of ${images.length}${endless})`] : [];
        const parts = [interval(low, high, metric.digits), ...some].filter((part) => part !== "");
        return cell(formatFixed(mean, metric.digits), { detail: parts.join(" ") });
      }),
    ]),
    notes: [
      protocolText,
      ...folderNotes(evaluation),
      ...metrics.flatMap(({ label, parameters }) =>
        parameters === null ? [] : [`Parameters of ${label}: ${parameters}`]
      ),
      ...engine === null ? [] : [engine.replace("Engine", "Engine of the networks")],
    ],
  };
}

/** What the names of columns do not say: by how much images were enlarged, and which folder is the second of a name. */
function folderNotes({ folders }: FolderEvaluation): string[] {
  return folders.flatMap(({ name, path, factors }) => {
    if (factors === null) return name.includes("#") ? [`${name} is ${path}`] : [];
    return factors.length === 0 ? [] : [`${name}: ${path} enlarged x${factors.join(", x")} as MATLAB does`];
  });
}

/** Fewest images of which a bootstrap draws anything but what it was given. */
const FEW = 6;

/** Tabulate the differences of the first folder from the others, paired by image. */
export function folderComparisonTable({ comparisons, metrics }: FolderEvaluation): Table {
  const labels = ["metric", "difference", "95 % interval", "p (Holm)", "images"];
  const few = comparisons.some(({ low, count }) => low !== null && count < FEW);
  const multiples = metrics.filter(({ multipleOf }) => metrics.some(({ name }) => name === multipleOf));
  return {
    caption: "Paired differences, first folder less the other. Intervals: bootstrap over the images, not corrected. " +
      `p: paired t-test, corrected by Holm over all ${comparisons.length} of the table.`,
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
    notes: [
      ...few ? [`Below ${FEW} images an interval is hardly more than the range of the differences.`] : [],
      ...multiples.map(({ label, multipleOf }) =>
        `${label} is left out: a fixed multiple of ${metrics.find(({ name }) => name === multipleOf)!.label}.`
      ),
    ],
  };
}

/** Tabulate, folder by folder, how far every two metrics order its images alike. */
export function rankAgreementTables({ agreement, metrics, folders }: FolderEvaluation): Table[] {
  return folders.flatMap(({ name }) => {
    const own = agreement.filter(({ folder }) => folder === name);
    const ranked = metrics.filter(({ name }) => own.some(({ a, b }) => a === name || b === name));
    if (own.every(({ spearman, kendall }) => spearman === null && kendall === null)) return [];
    const counts = own.map(({ count }) => count), least = Math.min(...counts), most = Math.max(...counts);
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
        `Rank agreement over ${
          least < most ? `${least} to ` : ""
        }${most} images of ${name}, better counted as higher: ` +
        "Spearman above the diagonal, Kendall below.",
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
