import { relative } from "node:path";
import { AsasrError, readBytes, sha256Hex, StoppedError } from "../../core/mod.ts";
import { decodeImage } from "../../image/mod.ts";
import { setLayouts } from "./layouts.ts";
import { checkRatio, type ImageSet, openSet } from "./open_set.ts";
import type { SetName } from "./layouts.ts";

/** One file of a manifest. */
export interface InspectedFile {
  /** Id of its entry. */
  readonly id: string;
  /** Truth, or low resolution. */
  readonly role: "hr" | "lr";
  /** Path below the folder of the set. */
  readonly file: string;
  /** SHA-256 of the content. */
  readonly sha256: string;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Conversions when it is read: gray, alpha, 16 bits and the like. */
  readonly notes: readonly string[];
}

/** What is known of a data set after every file was decoded: plain JSON, the manifest. */
export interface Inspection {
  /** Of this format. */
  readonly version: 1;
  /** Which set. */
  readonly set: SetName;
  /** Files in the order of their entries, truth first. */
  readonly files: readonly InspectedFile[];
  /** Images in the folder that are no part of the set: paths below it. */
  readonly others: readonly string[];
  /** Files that cannot be used, each with its reason. */
  readonly faults: readonly { readonly file: string; readonly reason: string }[];
  /** What is not as it should be, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Decode every image of a data set and check counts, pairs, ratios, sides and duplicates.
 *
 * @param folder Of the set.
 * @param options Which set (else recognised), progress, and a signal to stop.
 * @returns Files, faults and problems. The same folder gives the same.
 * @throws {DataError} If the folder is no set, or is RealSR V1 or V2.
 * @throws {StoppedError} If the signal was raised.
 */
export async function inspectSet(
  folder: string,
  { name, onProgress, signal }: {
    readonly name?: SetName;
    readonly onProgress?: (done: number, total: number) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Inspection> {
  const set = await openSet(folder, name);
  const files: InspectedFile[] = [], faults: { file: string; reason: string }[] = [], problems: string[] = [];
  for (const [index, entry] of set.entries.entries()) {
    if (signal?.aborted) throw new StoppedError(`Stopped after ${index} of ${set.entries.length} entries`);
    const found = [];
    for (const role of ["hr", "lr"] as const) {
      const path = entry[role];
      if (path === null) continue;
      try {
        found.push(await inspectFile(folder, path, entry.id, role));
      } catch (error) {
        if (!(error instanceof AsasrError)) throw error;
        faults.push({ file: path, reason: error.message });
      }
    }
    const [hr, lr] = found;
    if (hr && lr) problems.push(...ratioProblem(set.name, entry.id, hr, lr));
    files.push(...found);
    onProgress?.(index + 1, set.entries.length);
  }
  problems.push(...countProblems(set), ...pairProblems(set), ...sideProblems(set.name, files), ...duplicates(files));
  return { version: 1, set: set.name, files, others: set.others.map((path) => inside(folder, path)), faults, problems };
}

async function inspectFile(folder: string, path: string, id: string, role: "hr" | "lr"): Promise<InspectedFile> {
  const bytes = await readBytes(path);
  const { image: { width, height }, notes } = await decodeImage(bytes, path);
  return { id, role, file: inside(folder, path), sha256: sha256Hex(bytes), width, height, notes };
}

function inside(folder: string, path: string): string {
  return relative(folder, path).replaceAll("\\", "/");
}

/** A wrong ratio is a problem of the pair; that of RealSR V1 and V2 is one of the whole set, and refused. */
function ratioProblem(name: SetName, id: string, hr: InspectedFile, lr: InspectedFile): string[] {
  try {
    checkRatio(name, id, hr, lr);
    return [];
  } catch (error) {
    if (name === "realsr" && hr.width === lr.width && hr.height === lr.height) throw error;
    return [(error as Error).message];
  }
}

function countProblems({ name, entries }: ImageSet): string[] {
  return Object.entries(setLayouts[name].counts).flatMap(([split, expected]) => {
    const count = entries.filter((entry) => entry.split === split).length;
    return count === expected || count === 0 ? [] : [`${split} has ${count} images, published are ${expected}`];
  });
}

function pairProblems({ name, entries }: ImageSet): string[] {
  const hr = entries.filter((entry) => entry.hr !== null), lr = entries.filter((entry) => entry.lr !== null);
  if (!setLayouts[name].paired && (hr.length === 0 || lr.length === 0)) return [];
  const single = entries.filter((entry) => entry.hr === null || entry.lr === null);
  const optional = name === "div2k" || name === "lsdir"; // their LR is a download of its own, by split
  return single.filter((entry) => !(optional && entry.hr !== null && lr.every(({ split }) => split !== entry.split)))
    .map(({ id, hr }) => `${id} has no ${hr === null ? "HR" : "LR"} image`);
}

function sideProblems(name: SetName, files: readonly InspectedFile[]): string[] {
  const problem = (wrong: readonly InspectedFile[], what: string) =>
    wrong.length === 0 ? [] : [`${wrong.length} ${what}, such as ${wrong[0].id}`];
  const odd = files.filter(({ role, width, height }) => role === "hr" && (width % 4 !== 0 || height % 4 !== 0));
  const roles = (["hr", "lr"] as const).flatMap((role) => {
    const side = setLayouts[name].sides[role];
    const wrong = files.filter((file) =>
      file.role === role && side !== undefined && (file.width !== side || file.height !== side)
    );
    return problem(wrong, `${role.toUpperCase()} images are not ${side} x ${side}, as published`);
  });
  return [...problem(odd, "HR images have sides that are no multiples of 4"), ...roles];
}

function duplicates(files: readonly InspectedFile[]): string[] {
  return [...Map.groupBy(files, ({ sha256 }) => sha256).values()].filter((group) => group.length > 1)
    .map((group) => `the same file: ${group.map(({ file }) => file).join(", ")}`);
}
