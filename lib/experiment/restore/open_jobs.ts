import { isAbsolute, relative, resolve, sep } from "node:path";
import { DataError, InputOutputError, sha256Hex, UsageError } from "../../core/mod.ts";
import { type ImageFile, listImages } from "../../dataset/mod.ts";
import { imageSize, type RasterSize, readImageBytes } from "../../image/mod.ts";
import { isRestored, type RestoreJob, type RestoreRecord } from "./outputs.ts";
import type { ResolvedRestore, RestoreRequest } from "./request.ts";
import { countWork } from "./restore_raster.ts";
import { type ImageRules, restoreLayout } from "./settings.ts";

/** A file that is to be restored. */
export interface OpenJob extends RestoreJob {
  /** How its result is made. */
  readonly record: RestoreRecord;
  /** Sides of the source. */
  readonly size: RasterSize;
  /** Calls, by tiles. */
  readonly work: number;
}

/**
 * Lists the images of the inputs, without the results of an earlier call where they lie in a folder that is named.
 *
 * @throws {UsageError} If an input is the folder of the results, or lies in it.
 */
export async function listSources(inputs: readonly string[], out: string): Promise<ImageFile[]> {
  const isResult = (path: string) => {
    const inside = relative(resolve(out), resolve(path));
    return inside.split(sep)[0] !== ".." && !isAbsolute(inside);
  };
  const result = inputs.find(isResult);
  if (result !== undefined) {
    throw new UsageError(
      `Cannot restore ${result} as it must lie outside of the results: current value of --out is ${out}`,
    );
  }
  return (await listImages(inputs)).filter(({ path }) => !isResult(path));
}

/** Finds what is to be done, and what is wrong with a file before anything is loaded. */
export async function openJobs(
  jobs: readonly RestoreJob[],
  common: RestoreRecord,
  { overwrite }: Pick<RestoreRequest, "overwrite">,
  settings: ResolvedRestore & ImageRules & { readonly coded: boolean },
): Promise<{ open: OpenJob[]; kept: RestoreJob[]; faults: string[] }> {
  const open: OpenJob[] = [], kept: RestoreJob[] = [], faults: string[] = [];
  for (const job of jobs) {
    try {
      const record = { ...common, source: sha256Hex(await readSource(job.path)) };
      if (!overwrite && await isRestored(job.output, record)) {
        kept.push(job);
        continue;
      }
      // A file whose sides cannot be read is no image, which decoding it says better.
      const size = await imageSize(job.path) ?? { width: 1, height: 1 };
      const work = countWork(restoreLayout(size, settings, settings), settings.steps, settings.coded);
      open.push({ ...job, record, size, work });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      faults.push(error.message);
    }
  }
  return { open, kept, faults };
}

/** Reads a file; one that cannot be read is a fault of this file, not of the run. */
export async function readSource(path: string): Promise<Uint8Array> {
  try {
    return await readImageBytes(path);
  } catch (error) {
    if (error instanceof InputOutputError) throw new DataError(error.message, { cause: error });
    throw error;
  }
}
