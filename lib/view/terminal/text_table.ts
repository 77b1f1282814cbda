import { type Cell, cell, cellText, isHeading, type Table } from "../table.ts";
import { displayWidth, pad } from "./width.ts";

const NUMBER = /^([+−-]?[\d.]+.*|–|)$/; // what stands at the right, and may be marked

/**
 * Write rows as an aligned table for a terminal. Columns of numbers stand at the right.
 *
 * @param headers One text a column.
 * @param rows One text a column in every row.
 */
export function textTable(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = headers.map((label, i) => ({
    label,
    align: i > 0 && rows.every((row) => NUMBER.test(row[i] ?? "")) ? "right" as const : "left" as const,
  }));
  return tableText({ caption: "", columns, rows: rows.map((row) => row.map((text) => cell(text))) });
}

/** Write a table for a terminal: caption, a rule under the header, headings of groups, notes. */
export function tableText({ caption, columns, rows, notes = [] }: Table): string {
  const cells = rows.filter((row): row is readonly Cell[] => !isHeading(row));
  const widths = columns.map(({ label }, i) =>
    Math.max(displayWidth(label), ...cells.map((row) => displayWidth(mark(row[i]))))
  );
  const line = (texts: readonly string[]) =>
    texts.map((text, i) => pad(text, widths[i], columns[i].align)).join("  ").trimEnd();
  return [
    ...(caption === "" ? [] : [caption]),
    line(columns.map(({ label }) => label)),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...rows.map((row) => isHeading(row) ? row.heading : line(columns.map((_, i) => mark(row[i])))),
    ...notes,
  ].join("\n");
}

/** A terminal has no bold that every log keeps: an asterisk marks it. */
function mark(value: Cell | undefined): string {
  return value === undefined ? "" : `${value.bold && NUMBER.test(value.text) ? "*" : ""}${cellText(value)}`;
}
