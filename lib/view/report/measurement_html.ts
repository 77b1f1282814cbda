import type { MeasurementResults, MeasurementTable } from "../../experiment/mod.ts";
import { claimText } from "../claim_text.ts";
import { escapeMarkup } from "../markup.ts";
import { cell, type Table } from "../table.ts";
import { verdictTones } from "../tables/direction_table.ts";
import { tableHtml } from "./html_table.ts";
import { bullets, definitions } from "./provenance_section.ts";
import { type EmbeddedStrip, stripSection } from "./strip_section.ts";

/** Write an experiment that is not made of arms as a part of a page that opens: findings, tables, pictures, and what repeats it. */
export function measurementHtml(
  results: MeasurementResults,
  pictures: readonly EmbeddedStrip[],
  id: string,
  open: boolean,
): string {
  const { title, preset, tables, findings, departures, notes, command, environment, settingsHash } = results;
  const facts = definitions([
    ["Data", results.dataDescription],
    ["Engine", `${environment.engine} ${environment.engineVersion}, ${environment.threads} threads`],
    ["Commit", environment.commit],
    ["Settings", `sha256 ${settingsHash}`],
  ]);
  return `<details${open ? " open" : ""} class="run" id="${escapeMarkup(id)}"><summary>${
    escapeMarkup(`${title} (${preset})`)
  }</summary>` +
    `<p class="claim">${escapeMarkup(claimText(results))}</p>` +
    (findings.length > 0 ? tableHtml(findingTable(results)) : "") +
    tables.map((table) => tableHtml(plainTable(table))).join("") + stripSection(pictures, `${id}-`) +
    (departures.length > 0 ? `<h3>What differs from the paper</h3>${bullets(departures)}` : "") +
    (notes.length > 0 ? `<h3>Notes</h3>${bullets(notes)}` : "") +
    `<h3>How to repeat it</h3><pre>${escapeMarkup(command)}</pre>${facts}</details>`;
}

function findingTable({ findings }: MeasurementResults): Table {
  return {
    caption: "Statements of the paper beside what was measured here.",
    columns: ["Statement", "Measured", "Verdict"].map((label) => ({ label, align: "left" as const })),
    rows: findings.map(({ statement, measured, verdict }) => [
      cell(statement),
      cell(measured),
      cell(verdict, { tone: verdictTones[verdict], bold: true }),
    ]),
  };
}

function plainTable({ caption, columns, rows }: MeasurementTable): Table {
  return {
    caption,
    columns: columns.map((label, i) => ({
      label,
      align: rows.some((row) => typeof row[i] === "number") ? "right" as const : "left" as const,
    })),
    rows: rows.map((row) => row.map((value) => cell(value === null ? "–" : String(value)))),
  };
}
