import { extname, join } from "node:path";
import { canonicalJson, UsageError } from "../../core/mod.ts";
import type { ImageFile } from "../../dataset/mod.ts";
import { readText } from "../../image/mod.ts";

/** Keyword under which a result says how it was made. */
export const RECORD_KEYWORD = "asasr-restore";

/** Bytes of a file's beginning that hold the record. */
const HEAD = 2 ** 16;
/** The chunk IEND, with which every whole PNG file ends. */
const PNG_END = [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

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
 * @returns What is to be made, and a fault for every name that several files would have: none of them is made.
 */
export function restoreJobs(
  files: readonly ImageFile[],
  out: string,
): { readonly jobs: RestoreJob[]; readonly faults: string[] } {
  const named = files.map((file) => {
    const inside = file.id.includes("/") ? file.id.slice(file.id.indexOf("/") + 1) : file.id;
    return { ...file, output: join(out, `${inside.slice(0, inside.length - extname(inside).length)}.png`) };
  });
  const sharing = [...Map.groupBy(named, ({ output }) => output)].filter(([, all]) => all.length > 1);
  const clashes = new Map(sharing);
  return {
    jobs: named.filter(({ output }) => !clashes.has(output)),
    faults: sharing.map(([output, all]) =>
      `Cannot name a result ${output} as names must differ: current value is ${all.map(({ path }) => path).join(", ")}`
    ),
  };
}

/**
 * Tell whether a result is there already.
 *
 * @param record How it would be made now.
 * @returns True if it was made in this way; false if there is none, or only the beginning of one.
 * @throws {UsageError} If there is another file, or one that was made in another way.
 */
export async function isRestored(output: string, record: RestoreRecord): Promise<boolean> {
  const ends = await readEnds(output);
  if (ends === null) return false;
  const { head, isWhole } = ends;
  const text = readText(head, RECORD_KEYWORD);
  const advice = "name another --out, or give --overwrite";
  if (text === null) {
    throw new UsageError(
      `Cannot write ${output} as only results of this command are known: current value is another file; ${advice}`,
    );
  }
  const before = parse(text);
  const changed = Object.keys(record).find((key) => canonicalJson(before[key] ?? null) !== canonicalJson(record[key]));
  if (changed === undefined) return isWhole;
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

/** The beginning of a file, and whether its end is that of a PNG file; null if there is none. */
async function readEnds(path: string): Promise<{ head: Uint8Array; isWhole: boolean } | null> {
  try {
    using file = await Deno.open(path);
    const head = await readUpTo(file, HEAD);
    await file.seek(Math.max((await file.stat()).size - PNG_END.length, 0), Deno.SeekMode.Start);
    const end = await readUpTo(file, PNG_END.length);
    return { head, isWhole: PNG_END.every((byte, i) => byte === end[i]) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new UsageError(
      `Cannot write ${path} as nothing but a file may be in its place: current value cannot be read`,
      { cause: error },
    );
  }
}

async function readUpTo(file: Deno.FsFile, bytes: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(bytes);
  let length = 0;
  for (let read: number | null = 0; read !== null && length < bytes; length += read) {
    read = await file.read(buffer.subarray(length));
    if (read === null) break;
  }
  return buffer.subarray(0, length);
}
