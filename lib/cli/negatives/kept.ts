import { join } from "node:path";
import { type CachedNegative, type CachedPair, NEGATIVES_FILE, readNegatives } from "../../adversary/mod.ts";
import { canonicalJson, UsageError } from "../../core/mod.ts";

/**
 * Finds the negatives of restorers that an earlier run made in a folder and that this run does not make: they stay on its
 * list, as their files stay.
 *
 * @param pairs Of this run, as the list has them.
 * @param made Names of the restorers of this run.
 * @throws {UsageError} If there are some, and they are of other pairs.
 * @throws {DataError} If the folder holds another list.
 */
export async function keptNegatives(
  out: string,
  pairs: readonly CachedPair[],
  made: readonly string[],
): Promise<CachedNegative[]> {
  if (await Deno.stat(join(out, NEGATIVES_FILE)).catch(() => null) === null) return [];
  const known = await readNegatives(out), kept = known.negatives.filter(({ restorer }) => !made.includes(restorer));
  if (kept.length === 0 || canonicalJson(known.pairs) === canonicalJson(pairs)) return kept;
  const names = [...new Set(kept.map(({ restorer }) => restorer))].join(", ");
  throw new UsageError(
    `Cannot write to ${out} as it holds negatives of other pairs by ${names}: current value is ${
      made.join(", ")
    } alone; ` +
      "name all restorers again, or another --out",
  );
}
