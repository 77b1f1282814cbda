import { join } from "node:path";
import { given, table6 } from "../../../experiments/mod.ts";
import {
  type MeasurementConfig,
  type MeasurementResults,
  type Overrides,
  type PresetName,
  type RunEvent,
  runMeasurement,
  type RunOptions,
} from "../../experiment/mod.ts";
import {
  measurementTableText,
  measurementText,
  readStrips,
  terminalProgress,
  writeCombinedReport,
} from "../../view/mod.ts";
import { runTable6 } from "../table6/table.ts";

/** Runs a measurement and prints it. */
export async function runMeasured(
  config: MeasurementConfig,
  preset: PresetName,
  overrides: Overrides,
  options: RunOptions,
): Promise<MeasurementResults> {
  using progress = terminalProgress();
  const { results, folder } = await drawn(runMeasurement(config, preset, overrides, options), progress);
  console.log(measurementText(results));
  const pictures = await readStrips(results.pictures, folder);
  const page = await writeCombinedReport({ runs: [], measurements: [{ results, pictures }] }, folder);
  console.log(`\nReport: ${page}\n`);
  return results;
}

/** Runs an experiment that is neither arms nor measurement: Table 6; others say what they need. */
export async function runOther(name: string, root: string, signal: AbortSignal, named: boolean): Promise<void> {
  if (name === table6.name) {
    console.log(`${table6.title}\nThe paper: ${table6.claim}\n${table6.shown}\n`);
    await runTable6(table6.generators, join(root, "table6"), signal);
    if (named) console.log(`\n${measurementTableText(table6.paper)}`);
    return console.log("");
  }
  const { title, needs, command, paper = [] } = given[name];
  console.log(`${name}  ${title}\n  not run: needs ${needs}\n  with it: ${command}`);
  if (named) { for (const table of paper) console.log(`\n${measurementTableText(table)}`); }
  console.log("");
}

/** Draws the events of a task and returns its result. */
export async function drawn<T>(
  task: AsyncGenerator<RunEvent, T>,
  progress: ReturnType<typeof terminalProgress>,
): Promise<T> {
  let next = await task.next();
  for (; !next.done; next = await task.next()) progress.draw(next.value);
  progress.end();
  return next.value;
}
