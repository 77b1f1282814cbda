import { join } from "node:path";
import { DataError, readJson } from "../core/mod.ts";

/** A pair of which restorers made negatives. */
export interface CachedPair {
  /** Set and name, such as `div2k-train/all/0001`. */
  readonly id: string;
  /** Name of its results and of its exported low-resolution image, without extension. */
  readonly name: string;
  /** File of the truth; relative paths start at the folder of `negatives.json`. */
  readonly hr: string;
  /** File of the low-resolution image. */
  readonly lr: string;
  /** SHA-256 of both files. */
  readonly sha256: { readonly hr: string; readonly lr: string };
  /** SHA-256 of the photograph that the truth was cut from, by which it is told from test photographs. */
  readonly source: string;
}

/** One output of a restorer. */
export interface CachedNegative {
  /** Id of its pair. */
  readonly pair: string;
  /** Name of the restorer. */
  readonly restorer: string;
  /** File below the folder of `negatives.json`. */
  readonly file: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/** What `deno task negatives` writes as `negatives.json`: the adversary's training set. */
export interface NegativesFile {
  /** Of this format. */
  readonly version: 3;
  /** Seed by which the pairs were chosen. */
  readonly seed: number;
  /** Share of each set's pairs that was chosen. */
  readonly share: number;
  /** Chosen pairs. */
  readonly pairs: readonly CachedPair[];
  /** Outputs, restorer by restorer. */
  readonly negatives: readonly CachedNegative[];
}

/** Name of the file inside its folder. */
export const NEGATIVES_FILE = "negatives.json";

/**
 * Read the list of cached negatives.
 *
 * @param folder Of `deno task negatives`.
 * @returns The list; no image is read.
 * @throws {InputOutputError} If there is none, as in a folder whose run was not finished.
 * @throws {DataError} If it is of another format, or lists no negative.
 */
export async function readNegatives(folder: string): Promise<NegativesFile> {
  const path = join(folder, NEGATIVES_FILE);
  const file = await readJson(path) as NegativesFile | null;
  const whole = file?.version === 3 && isList(file.pairs, ["id", "name", "hr", "lr", "source"]) &&
    file.pairs.every(({ sha256 }) => isList([sha256], ["hr", "lr"])) &&
    isList(file.negatives, ["pair", "restorer", "file", "sha256"]);
  if (!whole) {
    throw new DataError(
      `Cannot read ${path} as it must be a list of version 3 from \`deno task negatives\`: current value is ` +
        `version ${file?.version}`,
    );
  }
  if (file.negatives.length === 0) {
    throw new DataError(`Cannot use ${path} as it must list negatives: current value is 0`);
  }
  return file;
}

function isList(value: unknown, texts: readonly string[]): boolean {
  return Array.isArray(value) && value.every((item) => texts.every((name) => typeof item?.[name] === "string"));
}
