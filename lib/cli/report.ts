/** `deno task report`: one offline page of several runs, or of all results that are committed. */
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, readJson, UsageError } from "../core/mod.ts";
import type { Results } from "../experiment/mod.ts";
import { type FinishedRun, readStrips, writeCombinedReport } from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, readArguments } from "./options.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "where report.html and figures go (default: report)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Writes one page of the runs RUN, folders with a results.json: every direction of the paper with its verdict, then each run\n" +
  "with its tables, figures, images and what repeats it; and every figure as PNG and SVG. Without RUN it takes the results\n" +
  "that are committed in experiments.";

await runCommand(async () => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task report [RUN...] [options]", about, options));
  const folders = operands.length > 0 ? operands : await committed();
  const runs: FinishedRun[] = [], absent: { name: string; reason: string }[] = [];
  for (const folder of folders) {
    const path = join(folder, "results.json");
    if (operands.length === 0 && !await exists(path)) {
      absent.push({ name: basename(folder), reason: "no results are committed" });
      continue;
    }
    const results = await readResults(path);
    // Committed results have no pictures beside them: images of photographs stay with the run.
    const kept = results.strips.length > 0 && await exists(join(dirname(path), results.strips[0].file));
    runs.push({ results, strips: kept ? await readStrips(results, folder) : [] });
  }
  if (runs.length === 0) throw new UsageError("Cannot write a report as a finished run is needed: there is none");
  const page = await writeCombinedReport(runs, String(values.out ?? "report"), absent);
  console.log(`${runs.length} runs: ${page}`);
});

/** The folders of all experiments. */
async function committed(): Promise<string[]> {
  const root = fileURLToPath(new URL("../../experiments", import.meta.url));
  const entries = await Array.fromAsync(Deno.readDir(root));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => join(root, name)).sort();
}

async function readResults(path: string): Promise<Results> {
  const value = await readJson(path) as Partial<Results> | null;
  const lists = [value?.points, value?.comparisons, value?.directions, value?.offsets, value?.strips, value?.metrics];
  if (typeof value?.experiment === "string" && lists.every(Array.isArray)) return value as Results;
  throw new DataError(`Cannot report ${path} as it must hold the results of compared arms: it holds none`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
