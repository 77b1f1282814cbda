import { DataError } from "./errors.ts";

/** Write rows as CSV (RFC 4180). */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(field).join(",") + "\r\n").join("");
}

/**
 * Read CSV (RFC 4180); lines may end in LF alone, empty lines are left out.
 *
 * @param name What messages call the file.
 * @throws {DataError} If a quoted field does not end, or the rows differ in length.
 */
export function parseCsv(text: string, name: string): string[][] {
  const rows: string[][] = [];
  const plain = text.replace(/^\ufeff/, "");
  const part = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  let row: string[] = [];
  while (part.lastIndex < plain.length) {
    const at = part.lastIndex, found = part.exec(plain);
    if (found === null) {
      throw new DataError(
        `Cannot read ${name} as a quoted field must end and stand alone: current value is ${
          plain.slice(at, at + 20).split(/\r?\n/)[0]
        }`,
      );
    }
    row.push(found[1].startsWith('"') ? found[1].slice(1, -1).replaceAll('""', '"') : found[1]);
    const over = found[2] === "" || found[2] === ",";
    if (over && part.lastIndex < plain.length) continue;
    if (found[2] === ",") row.push(""); // a comma that ends the file
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  const odd = rows.findIndex(({ length }) => length !== rows[0].length);
  if (odd < 0) return rows;
  throw new DataError(
    `Cannot read ${name} as every row must have ${rows[0].length} fields: row ${odd + 1} has ${rows[odd].length}`,
  );
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
