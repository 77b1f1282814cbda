/** `deno task ablation`: trains the arms of an experiment, compares them and writes the report. */
import { join } from "node:path";
import { experiments } from "../../experiments/mod.ts";
import { UsageError } from "../core/mod.ts";
import { listImages } from "../dataset/mod.ts";
import { type EngineChoice, startEngine } from "../engine/mod.ts";
import {
  type ExperimentConfig,
  exportTrainingCrops,
  type PresetName,
  presets,
  refusePaperPreset,
  resolveExperiment,
  type RunEvent,
  runExperiment,
} from "../experiment/mod.ts";
import { resultsText, terminalProgress, writeReport } from "../view/mod.ts";
import { readSources, sourceOptions } from "./ablation/sources.ts";
import { runCommand } from "./command.ts";
import { helpText, list, oneOf, type Option, paths, readOptions, wholeNumbers } from "./options.ts";

const options: Record<string, Option> = {
  only: { type: "string", value: "NAME", help: `experiment: ${Object.keys(experiments).join(", ")} (default: table3)` },
  preset: { type: "string", value: "NAME", help: "smoke, small or paper (default: smoke)" },
  data: { type: "string", multiple: true, value: "DIR", help: "folder of training photographs; may be repeated" },
  test: { type: "string", multiple: true, value: "DIR", help: "folder of test photographs; may be repeated" },
  arms: { type: "string", multiple: true, value: "A,B", help: "run these arms only (SFT always runs)" },
  seeds: { type: "string", multiple: true, value: "0,1", help: "seeds instead of the preset's" },
  ...sourceOptions,
  out: { type: "string", value: "DIR", help: "folder of the runs (default: runs)" },
  engine: { type: "string", value: "NAME", help: "auto, cpu, gpu or wasm (default: auto)" },
  list: { type: "boolean", help: "list the experiments and their arms" },
  help: { type: "boolean", help: "print this" },
};
const about =
  "Trains the arms of an experiment, compares them on the same test crops and noise, and writes report.html.\n" +
  "Without --data it uses procedural images. The same command again goes on where it stopped.";

await runCommand(async (signal) => {
  const values = readOptions(Deno.args, options);
  if (values.help) return console.log(helpText("deno task ablation [options]", about, options));
  if (values.list) return console.log(Object.values(experiments).map(describe).join("\n\n"));
  const name = oneOf("only", values.only, Object.keys(experiments), "table3");
  const preset = oneOf("preset", values.preset, Object.keys(presets) as PresetName[], "smoke");
  const engine = oneOf<EngineChoice>("engine", values.engine, ["auto", "cpu", "gpu", "wasm"], "auto");
  const data = paths(values.data), test = paths(values.test);
  if (test && !data) {
    throw new UsageError(
      `Cannot test on photographs as --test needs --data: current value is --test ${test.join(" --test ")}`,
    );
  }
  const experiment = resolveExperiment(experiments[name], preset, {
    data,
    test,
    arms: list(values.arms),
    seeds: wholeNumbers("seeds", values.seeds),
    ...readSources(values),
  });
  if (preset === "paper") refusePaperPreset(experiment, console.log);
  // Before TensorFlow is brought: a folder that is not there shows at once.
  for (const folders of [data, test]) if (folders) await listImages(folders);
  const info = await startEngine({
    engine,
    threads: experiment.settings.threads,
    install: true,
    onProgress: console.log,
  });
  console.log(info.line);
  using progress = terminalProgress();
  if (values.export !== undefined) {
    const folder = String(values.export);
    const written = await drawn(exportTrainingCrops(experiment, folder, signal), progress);
    return console.log(`${folder}: ${written} low-resolution training crops`);
  }
  const run = runExperiment(experiment, {
    root: String(values.out ?? "runs"),
    command: commandLine(Deno.args),
    signal,
  });
  const { results, folder } = await drawn(run, progress);
  console.log(resultsText(results));
  const report = join(folder, "report.html");
  await writeReport(results, folder);
  console.log(`\nReport: ${report}`);
  if (!data) {
    console.log(
      "\nThis ran on procedural images. The real run, on your photographs:\n" +
        "  npx -y deno@2.9.6 task ablation --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS",
    );
  }
});

/** Draws the events of a task and returns its result. */
async function drawn<T>(task: AsyncGenerator<RunEvent, T>, progress: ReturnType<typeof terminalProgress>): Promise<T> {
  let next = await task.next();
  for (; !next.done; next = await task.next()) progress.draw(next.value);
  progress.end();
  return next.value;
}

function describe(config: ExperimentConfig): string {
  const arms = Object.entries(config.arms).map(([id, arm]) => `  ${id.padEnd(18)} ${arm.label}`);
  return [`${config.name}  ${config.title}`, `  ${config.claim}`, ...arms].join("\n");
}

function commandLine(args: readonly string[]): string {
  const quoted = args.map((arg) => /^[\w./,:=@+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`);
  return ["npx -y deno@2.9.6 task ablation", ...quoted].join(" ");
}
