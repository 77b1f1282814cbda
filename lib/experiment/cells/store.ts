import { join } from "node:path";
import { DataError, inputOutputError, readJson, writeAtomic } from "../../core/mod.ts";
import { CELL_FORMAT, type ResultCell } from "./cell.ts";

/** Digits of the key in a cell's file name. */
const DIGITS = 8;

/** Where cells are looked for and kept. */
export interface CellFolders {
  /** Folders of finished cells; those that do not exist hold none. */
  readonly read: readonly string[];
  /** Folder that new cells are written into; without it they are not kept. */
  readonly keep?: string;
}

/**
 * Finds the cells of a key: more than one where machines gave different last bits.
 *
 * @throws {DataError} If a file is damaged or of another form.
 */
export async function findCells(folders: readonly string[], key: string): Promise<ResultCell[]> {
  const cells: ResultCell[] = [];
  for (const folder of folders) {
    for (const name of await fileNames(folder)) {
      if (!name.endsWith(`-${key.slice(0, DIGITS)}.json`)) continue;
      const cell = await readCell(join(folder, name));
      if (cell.key === key) cells.push(cell);
    }
  }
  return cells;
}

/** Reads every cell of a folder, by name. */
export async function readCells(folder: string): Promise<ResultCell[]> {
  const names = (await fileNames(folder)).filter((name) => name.endsWith(".json"));
  return await Promise.all(names.map((name) => readCell(join(folder, name))));
}

/** Writes a cell as `ARM-SEED-KEY.json`, a line for each record of numbers. */
export async function keepCell(folder: string, cell: ResultCell): Promise<string> {
  const path = join(folder, `${cell.arm}-${cell.seed}-${cell.key.slice(0, DIGITS)}.json`);
  await writeAtomic(path, cellText(cell));
  return path;
}

/** Indented JSON with every list of plain values on one line: small files, readable differences. */
export function cellText(cell: ResultCell): string {
  return `${indented(cell, "")}\n`;
}

function indented(value: unknown, margin: string): string {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null || (isList && value.every((item) => typeof item !== "object"))) {
    return JSON.stringify(value);
  }
  const inner = `${margin} `;
  const items = isList
    ? value.map((item) => indented(item, inner))
    : Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) =>
      `${JSON.stringify(key)}: ${indented(item, inner)}`
    );
  const [open, close] = isList ? "[]" : "{}";
  return items.length === 0 ? open + close : `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`;
}

async function readCell(path: string): Promise<ResultCell> {
  const cell = await readJson(path) as ResultCell;
  if (cell?.format !== CELL_FORMAT || typeof cell.key !== "string") {
    throw new DataError(
      `Cannot take up ${path} as it must be a cell of format ${CELL_FORMAT}: current value is ${cell?.format}`,
    );
  }
  return cell;
}

async function fileNames(folder: string): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const { name, isFile } of Deno.readDir(folder)) if (isFile) names.push(name);
    return names.sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw inputOutputError("list", folder, error);
  }
}
