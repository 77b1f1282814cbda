import { join } from "node:path";
import { containedPath, readBytes, writeAtomic } from "../../core/mod.ts";
import type { Results } from "../../experiment/mod.ts";
import { reportHtml } from "./report_html.ts";

/**
 * Write `report.html` of a finished run beside its results, whole or not at all.
 *
 * @param folder The folder of `results.json`, which the paths of the strips start from and may not leave: results may be
 * another person's.
 * @returns The path of the page.
 * @throws {InputOutputError} If a strip cannot be read or the page cannot be written.
 * @throws {UsageError} If a strip lies elsewhere.
 */
export async function writeReport(results: Results, folder: string): Promise<string> {
  const strips = await Promise.all(
    results.strips.map(async ({ title, file }) => ({ title, png: await readBytes(await containedPath(folder, file)) })),
  );
  const path = join(folder, "report.html");
  await writeAtomic(path, reportHtml(results, strips));
  return path;
}
