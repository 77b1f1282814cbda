import type { MeasurementResults, MeasurementTable } from "../../experiment/mod.ts";
import { claimText } from "../claim_text.ts";
import { textTable } from "./text_table.ts";

/** Write a measurement for a terminal: tables, the paper's statements beside them, protocol and command. */
export function measurementText(results: MeasurementResults): string {
  const { title, tables, findings, dataDescription, command } = results;
  return [
    `${title}\n${claimText(results)}`,
    ...tables.map(measurementTableText),
    ...findings.map(({ statement, measured, verdict }) => `${verdict}: ${statement}\n  ${measured}`),
    `${dataDescription}\n${command}`,
  ].join("\n\n");
}

/** Write one table of a measurement, or of the paper. */
export function measurementTableText({ caption, columns, rows }: MeasurementTable): string {
  const texts = rows.map((row) => row.map((value) => value === null ? "–" : String(value)));
  return `${caption}\n${textTable(columns, texts)}`;
}
