/** `deno task report`: one offline page of several runs, or of all results that are committed. */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { everyExperiment, given } from "../../experiments/mod.ts";
import { DataError, readJson, UsageError } from "../core/mod.ts";
import type { MeasurementResults, Results, StripFile } from "../experiment/mod.ts";
import {
  type EmbeddedStrip,
  type FinishedMeasurement,
  type FinishedRun,
  readStrips,
  writeCombinedReport,
} from "../view/mod.ts";
import { runCommand } from "./command.ts";
import { helpText, type Option, readArguments } from "./options.ts";

const options: Record<string, Option> = {
  out: { type: "string", value: "DIR", help: "where report.html and figures go (default: report)" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Writes one page of the runs RUN, folders with a results.json or folders of such: every direction of the paper with its\n" +
  "verdict, then each run with its tables, figures, images and what repeats it; and every figure as PNG and SVG. Without RUN\n" +
  "it takes the results that are committed in experiments.";

const root = fileURLToPath(new URL("../../experiments", import.meta.url));

await runCommand(async () => {
  const { values, operands } = readArguments(Deno.args, options);
  if (values.help) return console.log(helpText("deno task report [RUN...] [options]", about, options));
  const folders = operands.length > 0
    ? (await Promise.all(operands.map(runsIn))).flat()
    : Object.keys(everyExperiment).map((name) => join(root, name));
  const runs: FinishedRun[] = [],
    measurements: FinishedMeasurement[] = [],
    absent: { name: string; reason: string }[] = [];
  for (const folder of folders) {
    const path = join(folder, "results.json");
    if (operands.length === 0 && !await exists(path)) {
      const name = basename(folder);
      absent.push({ name: everyExperiment[name].title, reason: reasonOf(name) });
      continue;
    }
    const results = await readResults(path);
    if ("tables" in results) {
      measurements.push({ results, pictures: await kept(results.pictures, folder) });
    } else runs.push({ results, strips: await kept(results.strips, folder) });
  }
  if (folders.length === absent.length) {
    throw new UsageError("Cannot write a report as a finished experiment is needed: there is none");
  }
  const page = await writeCombinedReport({ runs, measurements, absent }, String(values.out ?? "report"));
  console.log(`${runs.length + measurements.length} experiments: ${page}`);
});

/** A run itself, or all runs in a folder of them, such as `runs`. */
async function runsIn(folder: string): Promise<string[]> {
  if (await exists(join(folder, "results.json")) || !await exists(folder)) return [folder];
  const inside: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (await exists(join(folder, name, "results.json"))) inside.push(join(folder, name));
  }
  return inside.length > 0 ? inside.sort() : [folder];
}

function reasonOf(name: string): string {
  return name in given ? `not run: needs ${given[name].needs}` : "no results are committed";
}

/** The pictures of a run; none where they are not beside it: those of photographs are not committed. */
async function kept(strips: readonly StripFile[], folder: string): Promise<EmbeddedStrip[]> {
  return strips.length > 0 && await exists(join(folder, strips[0].file)) ? await readStrips(strips, folder) : [];
}

async function readResults(path: string): Promise<Results | MeasurementResults> {
  const value = await readJson(path) as Partial<Results & MeasurementResults> | null;
  const whole = (keys: readonly (keyof (Results & MeasurementResults))[]) =>
    typeof value?.experiment === "string" && keys.every((key) => Array.isArray(value[key]));
  if (whole(["points", "comparisons", "directions", "offsets", "strips", "metrics"])) return value as Results;
  if (whole(["tables", "findings", "pictures"])) return value as MeasurementResults;
  throw new DataError(`Cannot report ${path} as it must hold the results of an experiment: it holds none`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
