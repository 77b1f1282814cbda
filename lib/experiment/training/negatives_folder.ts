import { join } from "node:path";
import { z } from "zod";
import { DataError, readJson } from "../../core/mod.ts";
import type { NamedPair } from "./pair_files.ts";

const manifest = z.object({
  version: z.literal(1),
  pairs: z.array(z.object({ id: z.string(), hr: z.string(), lr: z.string() })),
  negatives: z.array(z.object({ pair: z.string(), restorer: z.string(), file: z.string() })),
});

/**
 * Read what `deno task negatives` made: pairs, and for each the outputs of restorers.
 *
 * @param folder Its `--out`.
 * @returns Pairs that have at least one output, by id.
 * @throws {InputOutputError} If the folder has no `negatives.json`.
 * @throws {DataError} If that is another file, or no pair has an output.
 */
export async function readNegatives(folder: string): Promise<NamedPair[]> {
  const path = join(folder, "negatives.json");
  const { success, data, error } = manifest.safeParse(await readJson(path));
  if (!success) {
    const [issue] = error.issues;
    throw new DataError(
      `Cannot read ${path} as it must be written by \`deno task negatives\`: ${issue.path.join(".")}: ${issue.message}`,
    );
  }
  const outputs = Map.groupBy(data.negatives, ({ pair }) => pair);
  const pairs = data.pairs.flatMap(({ id, hr, lr }) => {
    const restored = (outputs.get(id) ?? []).map(({ restorer, file }) => ({ restorer, path: join(folder, file) }));
    return restored.length === 0 ? [] : [{ id, hr, lr, restored }];
  });
  if (pairs.length === 0) {
    throw new DataError(`Cannot use ${path} as a pair must have the output of a restorer: current value is none`);
  }
  return pairs;
}
