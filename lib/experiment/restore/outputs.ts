import { extname, join } from "node:path";
import { canonicalJson, DataError, UsageError } from "../../core/mod.ts";
import type { ImageFile } from "../../dataset/mod.ts";
import { readText } from "../../image/mod.ts";

/** Keyword under which a result says how it was made. */
export const RECORD_KEYWORD = "asasr-restore";

/** Bytes of a file's beginning that hold the record. */
const HEAD = 2 ** 16;

/** How a result was made: every value that decides its pixels. */
export type RestoreRecord = Readonly<Record<string, string | number | boolean | null>>;

/** A file and where its result goes. */
export interface RestoreJob extends ImageFile {
  /** The result. */
  readonly output: string;
}

/**
 * Plan the results: named as the files are below the folder that was named, always PNG.
 *
 * @throws {DataError} If two files would have the same result.
 */
export function restoreJobs(files: readonly ImageFile[], out: string): RestoreJob[] {
  const known = new Map<string, string>();
  return files.map((file) => {
    const inside = file.id.includes("/") ? file.id.slice(file.id.indexOf("/") + 1) : file.id;
    const name = `${inside.slice(0, inside.length - extname(inside).length)}.png`, other = known.get(name);
    if (other !== undefined) {
      throw new DataError(
        `Cannot name the result of ${file.path} as names must differ: current value is ${name}, that of ${other}`,
      );
    }
    known.set(name, file.path);
    return { ...file, output: join(out, name) };
  });
}

/**
 * Tell whether a result is there already.
 *
 * @param record How it would be made now.
 * @returns True if it was made in this way; false if there is none.
 * @throws {UsageError} If there is another file, or one that was made in another way.
 */
export async function isRestored(output: string, record: RestoreRecord): Promise<boolean> {
  const head = await readHead(output);
  if (head === null) return false;
  const text = readText(head, RECORD_KEYWORD);
  const advice = "name another --out, or give --overwrite";
  if (text === null) {
    throw new UsageError(
      `Cannot write ${output} as only results of this command are known: current value is another file; ${advice}`,
    );
  }
  const before = parse(text);
  const changed = Object.keys(record).find((key) => canonicalJson(before[key] ?? null) !== canonicalJson(record[key]));
  if (changed === undefined) return true;
  const show = (value: RestoreRecord[string] | undefined) => typeof value === "string" ? value.slice(0, 12) : value;
  throw new UsageError(
    `Cannot write ${output} as it was made with ${changed} ${show(before[changed])}: ` +
      `current value is ${show(record[changed])}; ${advice}`,
  );
}

function parse(text: string): RestoreRecord {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {}; // a record that cannot be read names nothing that agrees
  }
}

async function readHead(path: string): Promise<Uint8Array | null> {
  try {
    using file = await Deno.open(path);
    const head = new Uint8Array(HEAD);
    let length = 0;
    for (let read: number | null = 0; read !== null && length < HEAD; length += read) {
      read = await file.read(head.subarray(length));
      if (read === null) break;
    }
    return head.subarray(0, length);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new UsageError(
      `Cannot write ${path} as nothing but a file may be in its place: current value cannot be read`,
      { cause: error },
    );
  }
}
