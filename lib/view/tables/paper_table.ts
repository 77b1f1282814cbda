import { type PaperTable, type Results, spread } from "../../experiment/mod.ts";
import { formatFixed, formatSpread } from "../numbers.ts";
import { type Cell, cell, type Column, type Table } from "../table.ts";
import { metricOf, pointLabel, seedValues } from "./labels.ts";
import { metricLabel } from "./metric_label.ts";

/** Put a table of the paper beside ours: its values as printed, and ours of the same metric where it was measured. */
export function paperTable(results: Results, table: PaperTable): Table {
  const columns = table.columns.flatMap((column): Column[] => [
    { label: `${metricLabel(column)}, paper`, align: "right" },
    ...(metricOf(results, column.metric) ? [{ label: `${column.label}, here`, align: "right" as const }] : []),
  ]);
  return {
    caption: `${table.name}: ${table.caption} Scale, data and model differ: compare directions, not values.`,
    columns: [{ label: "", align: "left" }, ...columns],
    rows: table.rows.map((row) => [
      cell(row.label, { hint: `Here: ${pointLabel(results, row.arm)}` }),
      ...table.columns.flatMap((column, i) => {
        const metric = metricOf(results, column.metric);
        const point = results.points.find(({ id }) => id === row.arm);
        const printed = cell(printedValue(table, i, row.values[i]), {
          tone: "muted",
          bold: isBest(table, i, row.values[i]),
        });
        if (!metric) return [printed];
        const ours = point ? spread(seedValues(point, metric.name)) : undefined;
        return [
          printed,
          ours
            ? cell(formatFixed(ours.mean, metric.digits), { detail: formatSpread(ours.sd, metric.digits) })
            : cell("not run", { tone: "muted" }),
        ];
      }),
    ]) as Cell[][],
  };
}

/** All values of a column with as many decimals as the longest needs. */
function printedValue(table: PaperTable, column: number, value: number): string {
  const decimals = table.rows.map((row) => String(row.values[column]).split(".")[1]?.length ?? 0);
  return value.toFixed(Math.max(...decimals));
}

function isBest(table: PaperTable, column: number, value: number): boolean {
  const values = table.rows.map((row) => row.values[column]);
  return value === (table.columns[column].better === "higher" ? Math.max(...values) : Math.min(...values));
}
