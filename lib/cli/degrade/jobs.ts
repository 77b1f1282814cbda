import { extname } from "node:path";
import { DataError } from "../../core/mod.ts";
import type { DegradeJob, DegradeSettings, ImageFile } from "../../dataset/mod.ts";
import { insideOf, type ReplayList } from "./replay.ts";

/** What every job of a command has in common. */
export interface JobOptions {
  /** Folder of the results. */
  readonly out: string;
  /** How files are degraded. */
  readonly settings: DegradeSettings;
  /** Patches in all, spread evenly over the files; null for one of each file. */
  readonly patches: number | null;
  /** Files, from the first, that get a strip. */
  readonly strips: number;
  /** What is replayed instead of drawn, or null; files that it does not name are left out. */
  readonly replay: ReplayList | null;
}

/**
 * Plans one job per file. Results are named as the files are below their folder, patches with their number.
 *
 * @throws {DataError} If two files would have the same results, or a file to replay is not there.
 */
export function degradeJobs(files: readonly ImageFile[], options: JobOptions): DegradeJob[] {
  const { patches, strips, replay, ...rest } = options;
  const names = new Map<string, string>();
  const jobs = files.map((file, index): DegradeJob => {
    const name = stem(file.id), records = replay?.get(insideOf(file.id)) ?? [];
    const other = names.get(name);
    if (other !== undefined) {
      throw new DataError(`Cannot name the results of ${file.id} as names must differ: current value is ${other}`);
    }
    names.set(name, file.id);
    const count = patches === null ? 1 : Math.ceil((patches - index) / files.length);
    const numbered = Array.from({ length: Math.max(count, 0) }, (_, i) => `${name}_${String(i).padStart(3, "0")}`);
    const drawn = patches === null ? [name] : numbered;
    return {
      ...file,
      ...rest,
      names: replay === null ? drawn : records.map(({ name }) => name),
      replay: replay === null ? null : records,
      strip: index < strips,
    };
  }).filter((job) => job.names.length > 0);
  const there = new Set(files.map(({ id }) => insideOf(id)));
  const missing = [...replay?.keys() ?? []].filter((inside) => !there.has(inside));
  if (missing.length > 0) {
    throw new DataError(`Cannot replay as every image must be there: current value is without ${missing.join(", ")}`);
  }
  return jobs;
}

/** `photos/inside/a.png` is `inside/a`: the folder that was named is left out. */
function stem(id: string): string {
  const inside = insideOf(id);
  return inside.slice(0, inside.length - extname(inside).length);
}
