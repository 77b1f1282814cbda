import { basename, extname } from "node:path";
import { AsasrError, DataError } from "../../core/mod.ts";
import { listImages } from "../../dataset/mod.ts";
import { type RasterSize, readImage } from "../../image/mod.ts";
import { SCALE } from "../restorer.ts";

/** A low-resolution image of which a system must have an output. */
export interface ExpectedInput extends RasterSize {
  /** Its file name without extension. */
  readonly name: string;
}

/** What a folder of outputs holds. */
export interface CheckedOutputs {
  /** File of each input that has a usable output, by the input's name. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of inputs without an output. */
  readonly missing: readonly string[];
  /** Outputs that cannot be used, one sentence each. */
  readonly faults: readonly string[];
}

/**
 * Check the outputs of any system: one image for each input, of four times its sides.
 *
 * @param folder Outputs, named as the inputs, with a suffix or without; in any image format.
 * @param inputs What must be there; other files are ignored.
 * @param suffixes What the system adds to names; see `publishedSystems`.
 * @returns Usable files, and what is missing or wrong.
 * @throws {DataError} If the folder does not exist or holds no image, or two files answer to one name.
 */
export async function checkOutputs(
  folder: string,
  inputs: readonly ExpectedInput[],
  suffixes: readonly string[] = [],
): Promise<CheckedOutputs> {
  const byName = new Map<string, string>();
  for (const { path } of await listImages([folder])) {
    const name = basename(path, extname(path)), other = byName.get(name);
    if (other !== undefined) {
      throw new DataError(`Cannot use ${folder} as a name must have one file: current value is ${other} and ${path}`);
    }
    byName.set(name, path);
  }
  const files = new Map<string, string>(), missing: string[] = [], faults: string[] = [];
  for (const { name, width, height } of inputs) {
    const path = ["", ...suffixes].map((suffix) => byName.get(name + suffix)).find((found) => found !== undefined);
    if (path === undefined) {
      missing.push(name);
      continue;
    }
    try {
      const { image } = await readImage(path);
      if (image.width === SCALE * width && image.height === SCALE * height) files.set(name, path);
      else {
        faults.push(
          `Cannot use ${path} as it must be ${SCALE * width} x ${SCALE * height}: ` +
            `current value is ${image.width} x ${image.height}`,
        );
      }
    } catch (error) {
      if (!(error instanceof AsasrError)) throw error;
      faults.push(error.message);
    }
  }
  return { files, missing, faults };
}
