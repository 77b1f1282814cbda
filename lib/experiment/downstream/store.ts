import { join } from "node:path";
import { csvText, DataError, readJson, writeAtomic, writeJson } from "../../core/mod.ts";
import { type DownstreamEntry, type DownstreamResults, downstreamTasks } from "./downstream.ts";

/**
 * Add scores to those that a folder holds: `downstream.json` and `downstream.csv`. A method that is there already is
 * replaced.
 *
 * @returns All that it holds now.
 * @throws {DataError} If the folder holds something else, or scores of other annotations or choices in the same task.
 */
export async function addDownstream(folder: string, added: readonly DownstreamEntry[]): Promise<DownstreamResults> {
  const path = join(folder, "downstream.json");
  const before = await readDownstream(path);
  const kept = before.entries.filter(({ task, method }) =>
    !added.some((entry) => entry.task === task && entry.method === method)
  );
  for (const entry of added) {
    const other = kept.find(({ task, truth }) => task === entry.task && truth !== entry.truth);
    if (other) {
      throw new DataError(
        `Cannot add ${entry.method} to ${folder} as all methods need the same annotations and choices: ${other.method} ` +
          `has others (${other.protocol}); name another --out`,
      );
    }
  }
  const place = ({ task }: DownstreamEntry) => downstreamTasks.indexOf(task);
  const results: DownstreamResults = { version: 1, entries: [...kept, ...added].sort((a, b) => place(a) - place(b)) };
  await writeJson(path, results);
  await writeAtomic(join(folder, "downstream.csv"), downstreamCsv(results));
  return results;
}

/** Write scores as CSV: a line for every score. */
export function downstreamCsv({ entries }: DownstreamResults): string {
  const lines = entries.flatMap(({ task, method, scores, protocol }) =>
    Object.keys(scores).sort().map((name) => [task, method, name, scores[name] ?? "", protocol])
  );
  return csvText([["task", "method", "score", "value", "protocol"], ...lines]);
}

async function readDownstream(path: string): Promise<DownstreamResults> {
  if (await Deno.stat(path).catch(() => null) === null) return { version: 1, entries: [] };
  const found = await readJson(path) as DownstreamResults | null;
  if (found?.version === 1 && Array.isArray(found.entries)) return found;
  throw new DataError(`Cannot add to ${path} as it must hold scores of version 1: current value is ${found?.version}`);
}
