import { join } from "node:path";
import { DataError, readJson } from "../../core/mod.ts";
import { type DegradedRecord, isRecord, readRecord } from "../../dataset/mod.ts";

/** Records by the path of their image below the folder that was named, each in the order of the names. */
export type ReplayList = ReadonlyMap<string, readonly DegradedRecord[]>;

/**
 * Reads what an earlier run drew: its `manifest.json`, which is the list to publish, or its folder `recipes`.
 *
 * @throws {DataError} If it is neither.
 * @throws {InputOutputError} If it cannot be read.
 */
export async function readReplay(path: string): Promise<ReplayList> {
  const isFolder = await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
  const records = isFolder ? await readFolder(path) : await readManifest(path);
  if (records.length === 0) throw new DataError(`Cannot replay ${path} as it must hold recipes: current value is none`);
  records.sort((a, b) => a.name < b.name ? -1 : 1);
  return Map.groupBy(records, ({ pair }) => insideOf(pair.image));
}

/** Path below the folder that was named: the id of a file begins with that folder's name. */
export function insideOf(id: string): string {
  return id.includes("/") ? id.slice(id.indexOf("/") + 1) : id;
}

async function readManifest(path: string): Promise<DegradedRecord[]> {
  const { patches } = await readJson(path) as { patches?: unknown } ?? {};
  if (Array.isArray(patches) && patches.every(isRecord)) return patches;
  throw new DataError(
    `Cannot replay ${path} as it must be a manifest.json of \`deno task degrade\`: current value is other`,
  );
}

async function readFolder(folder: string): Promise<DegradedRecord[]> {
  const records: DegradedRecord[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) records.push(...await readFolder(join(folder, name)));
    else if (name.endsWith(".json")) records.push(await readRecord(join(folder, name)));
  }
  return records;
}
