/** `deno task ablation`: trains the arms of an experiment, compares them and writes the report. */
import { join } from "node:path";
import { everyExperiment, experiments, given, measurements } from "../../experiments/mod.ts";
import { UsageError, writeAtomic } from "../core/mod.ts";
import { listImages } from "../dataset/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import {
  exportTrainingCrops,
  type MeasurementResults,
  type PreparedData,
  type PresetName,
  presets,
  refusePaperPreset,
  type ResolvedExperiment,
  resolveExperiment,
  resolveMeasurement,
  type Results,
  runExperiment,
  type RunOptions,
} from "../experiment/mod.ts";
import { allDirectionsTable, resultsText, tableText, terminalProgress, writeReport } from "../view/mod.ts";
import { cellFolder, cellFolders, listing } from "./ablation/listing.ts";
import { drawn, runMeasured, runOther } from "./ablation/others.ts";
import { readSources, sourceOptions } from "./ablation/sources.ts";
import { runCommand } from "./command.ts";
import { commandLine } from "./command_line.ts";
import { helpText, list, oneOf, type Option, type OptionValues, paths, readOptions, wholeNumbers } from "./options.ts";

const names = Object.keys(everyExperiment);
const options: Record<string, Option> = {
  only: { type: "string", multiple: true, value: "A,B", help: `experiments: ${names.join(", ")} (default: table3)` },
  all: { type: "boolean", help: "every experiment; what lacks something says `not run: needs ...`" },
  preset: { type: "string", value: "NAME", help: "smoke, small or paper (default: smoke)" },
  data: { type: "string", multiple: true, value: "DIR", help: "folder of training photographs; may be repeated" },
  test: { type: "string", multiple: true, value: "DIR", help: "folder of test photographs; may be repeated" },
  arms: { type: "string", multiple: true, value: "A,B", help: "run these arms only (SFT always runs)" },
  seeds: { type: "string", multiple: true, value: "0,1", help: "seeds instead of the preset's" },
  ...sourceOptions,
  "metric-weights": {
    type: "string",
    value: "DIR",
    help: "folder of the weights of LPIPS or DISTS, which are then measured too (data/README.md)",
  },
  "keep-cells": {
    type: "boolean",
    help: "write every finished arm and seed to experiments/NAME/cells, from where any machine goes on",
  },
  fresh: { type: "boolean", help: "compute everything: take up no cell of experiments/*/cells" },
  out: { type: "string", value: "DIR", help: "folder of the runs (default: runs)" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  list: { type: "boolean", help: "list the experiments: claim, arms, what each takes, committed results" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Trains the arms of experiments, compares them on the same test crops and noise, and writes report.html.\n" +
  "Without --data it uses procedural images. The same command again goes on where it stopped; what is finished and\n" +
  "committed as cells (experiments/NAME/cells) is taken up instead of computed.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task ablation [options]", about, options));
  if (values.list) return console.log(await listing());
  const chosen = chooseExperiments(values);
  const preset = oneOf("preset", values.preset, Object.keys(presets) as PresetName[], "smoke");
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const data = paths(values.data), test = paths(values.test);
  if (test && !data) {
    throw new UsageError(
      `Cannot test on photographs as --test needs --data: current value is --test ${test.join(" --test ")}`,
    );
  }
  const overrides = {
    data,
    test,
    arms: list(values.arms),
    seeds: wholeNumbers("seeds", values.seeds),
    ...readSources(values),
    ...(values["metric-weights"] === undefined ? {} : { metricWeights: String(values["metric-weights"]) }),
  };
  const resolved = chosen.filter((name) => name in experiments)
    .map((name) => resolveExperiment(experiments[name], preset, overrides));
  const onReferences = chosen.filter((name) => name in measurements)
    .map((name) => resolveMeasurement(measurements[name], preset, overrides));
  if (overrides.arms && resolved.length === 0) {
    throw new UsageError(
      `Cannot choose arms as none of ${chosen.join(", ")} has any: current value is ${overrides.arms}`,
    );
  }
  const [trained] = [...resolved, ...onReferences];
  if (preset === "paper" && trained) refusePaperPreset(trained, console.log);
  // Before TensorFlow is brought: a folder that is not there shows at once.
  for (const folders of [data, test]) if (folders) await listImages(folders);
  if (chosen.some((name) => !(name in given))) {
    const { threads } = resolveExperiment(experiments.table3, preset).settings;
    console.log((await startEngine({ engine, threads, install: true, onProgress: console.log })).line);
  }
  if (values.export !== undefined) {
    const folder = String(values.export), experiment = resolveExperiment(experiments.table3, preset, overrides);
    using progress = terminalProgress();
    const written = await drawn(exportTrainingCrops(experiment, folder, signal), progress);
    return console.log(`${folder}: ${written} low-resolution training crops`);
  }
  const root = String(values.out ?? "runs"), prepared: PreparedData = {};
  const runOptions = (name: string): RunOptions => ({
    root,
    command: commandLine("ablation", Deno.args),
    signal,
    prepared,
    cells: { read: values.fresh ? [] : cellFolders(), keep: values["keep-cells"] ? cellFolder(name) : undefined },
  });
  const runs: Results[] = [], measured: MeasurementResults[] = [];
  for (const name of chosen) {
    const experiment = resolved.find(({ config }) => config.name === name);
    if (experiment) runs.push(await runArms(experiment, runOptions(name)));
    else if (name in measurements) {
      measured.push(await runMeasured(measurements[name], preset, overrides, runOptions(name)));
    } else await runOther(name, root, signal, !values.all);
  }
  if (chosen.length > 1) await conclude(runs, measured, root);
  if (!data && runs.length > 0) {
    console.log(
      "\nThis ran on procedural images. The real run, on your photographs:\n" +
        "  npx -y deno@2.9.6 task ablation --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS",
    );
  }
});

/** The experiments that the command line names. */
function chooseExperiments(values: OptionValues): string[] {
  if (values.all) {
    if (values.only !== undefined) {
      throw new UsageError("Cannot run --all as --only names experiments: give one of them");
    }
    return names;
  }
  return (list(values.only) ?? ["table3"]).map((name) => oneOf("only", name, names, "table3"));
}

/** Runs one experiment of arms, prints its results and writes its report. */
async function runArms(experiment: ResolvedExperiment, options: RunOptions): Promise<Results> {
  using progress = terminalProgress();
  const { results, folder } = await drawn(runExperiment(experiment, options), progress);
  console.log(resultsText(results));
  await writeReport(results, folder);
  console.log(`\nReport: ${join(folder, "report.html")}\n`);
  return results;
}

/** Prints every direction of the paper over all experiments of this call, and writes it. */
async function conclude(
  runs: readonly Results[],
  measured: readonly MeasurementResults[],
  root: string,
): Promise<void> {
  if (runs.length + measured.length === 0) return; // what was given elsewhere has no directions
  const text = tableText(allDirectionsTable(runs, measured)), path = join(root, "directions.txt");
  console.log(text);
  await writeAtomic(path, `${text}\n`);
  console.log(`\nDirections: ${path}`);
}
