import { extname } from "node:path";
import { DataError } from "../../core/mod.ts";
import type { DegradeJob, DegradeSettings, ImageFile } from "../../dataset/mod.ts";

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
  /** Folder of recipes to replay, or null. */
  readonly replay: string | null;
}

/**
 * Plans one job per file. Results are named as the files are below their folder, patches with their number.
 *
 * @throws {DataError} If two files would have the same results.
 */
export function degradeJobs(files: readonly ImageFile[], options: JobOptions): DegradeJob[] {
  const { patches, strips, ...rest } = options;
  const names = new Map<string, string>();
  return files.map((file, index) => {
    const name = stem(file.id);
    const other = names.get(name);
    if (other !== undefined) {
      throw new DataError(`Cannot name the results of ${file.id} as names must differ: current value is ${other}`);
    }
    names.set(name, file.id);
    const count = patches === null ? 1 : Math.ceil((patches - index) / files.length);
    const numbered = Array.from({ length: Math.max(count, 0) }, (_, i) => `${name}_${String(i).padStart(3, "0")}`);
    return { ...file, ...rest, names: patches === null ? [name] : numbered, strip: index < strips };
  }).filter((job) => job.names.length > 0);
}

/** `photos/inside/a.png` is `inside/a`: the folder that was named is left out. */
function stem(id: string): string {
  const inside = id.includes("/") ? id.slice(id.indexOf("/") + 1) : id;
  return inside.slice(0, inside.length - extname(inside).length);
}
