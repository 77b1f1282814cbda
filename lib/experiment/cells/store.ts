import { basename, join } from "node:path";
import { contentHash, DataError, inputOutputError, readJson, writeCompactJson } from "../../core/mod.ts";
import { CELL_FORMAT, type ResultCell } from "./cell.ts";

/** Digits of the key, and of the reference, in a cell's file name. */
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
 * @throws {DataError} If a file is damaged, of another form, or its inputs are not those that its key stands for.
 */
export async function findCells(folders: readonly string[], key: string): Promise<ResultCell[]> {
  const cells: ResultCell[] = [];
  for (const folder of folders) {
    for (const name of await fileNames(folder)) {
      if (/-([0-9a-f]{8})(-of-[0-9a-f]{8})?\.json$/.exec(name)?.[1] !== key.slice(0, DIGITS)) continue;
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

/**
 * Writes a cell as `ARM-SEED-KEY.json`, or as `ARM-SEED-KEY-of-REFERENCE.json` where another machine's cell of the same key
 * is there, with which others of that folder belong together.
 */
export async function keepCell(folder: string, cell: ResultCell): Promise<string> {
  const stem = join(folder, `${cell.arm}-${cell.seed}-${cell.key.slice(0, DIGITS)}`);
  const names = await fileNames(folder), there = names.includes(basename(`${stem}.json`));
  const other = there && (await readCell(`${stem}.json`)).reference !== cell.reference;
  const path = other ? `${stem}-of-${cell.reference.slice(0, DIGITS)}.json` : `${stem}.json`;
  await writeCompactJson(path, cell);
  return path;
}

async function readCell(path: string): Promise<ResultCell> {
  const cell = await readJson(path) as ResultCell;
  if (cell?.format !== CELL_FORMAT || typeof cell.key !== "string") {
    throw new DataError(
      `Cannot take up ${path} as it must be a cell of format ${CELL_FORMAT}: current value is ${cell?.format}`,
    );
  }
  const key = contentHash(cell.inputs);
  if (cell.key !== key) {
    throw new DataError(
      `Cannot take up ${path} as its key must be the hash of its inputs, ${key}: current value is ${cell.key}`,
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
