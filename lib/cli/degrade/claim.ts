import { join, relative, resolve } from "node:path";
import { canonicalJson, readJson, UsageError, writeJson } from "../../core/mod.ts";

/** Results of other settings must not be written over: the folder keeps the settings that it was begun with. */
export async function claimFolder(out: string, settings: Record<string, unknown>): Promise<void> {
  const path = join(out, "settings.json");
  const begun = await Deno.stat(path).then(() => true, () => false);
  if (!begun) return await writeJson(path, settings);
  const known = await readJson(path) as Record<string, unknown>;
  const other = Object.keys(settings).find((key) => canonicalJson(known[key] ?? null) !== canonicalJson(settings[key]));
  if (other !== undefined) {
    throw new UsageError(
      `Cannot write to ${out} as its results have ${other} ${canonicalJson(known[other] ?? null)}: ` +
        `current value is ${canonicalJson(settings[other])}; name another --out`,
    );
  }
}

/**
 * Refuses results among the images: a second run would take them for images, or write over what it reads.
 *
 * @throws {UsageError} If a folder of images lies in that of the results, or the other way round.
 */
export function requireApart(images: readonly string[], out: string): void {
  const isBelow = (path: string, folder: string) => !/^\.\.([/\\]|$)/.test(relative(resolve(folder), resolve(path)));
  const mixed = images.find((folder) => isBelow(out, folder) || isBelow(folder, out));
  if (mixed === undefined) return;
  throw new UsageError(
    `Cannot write to ${out} as results and images must be in folders apart: current value of the images is ${mixed}`,
  );
}
