import { sftArm } from "../arms.ts";
import { type ExperimentConfig, type Overrides, resolveExperiment } from "../config.ts";
import { environment } from "../environment.ts";
import type { RunEvent } from "../events.ts";
import type { MeasurementConfig, MeasurementResults, MeasureName } from "../measurement.ts";
import { type PresetName, presets } from "../presets.ts";
import { type RunOptions, superviseRun } from "../supervise.ts";
import { measureClosedForm } from "./closed_form.ts";
import { measureCost } from "./cost.ts";
import type { Measure } from "./measure.ts";
import { measureNegatives } from "./negatives.ts";
import { measureParametric } from "./parametric.ts";

const measures: Readonly<Record<MeasureName, Measure>> = {
  "closed form": measureClosedForm,
  "parametric adversary": measureParametric,
  negatives: measureNegatives,
  cost: measureCost,
};

/**
 * Runs a measurement on the references of a preset, which it shares with the experiments that compare arms. The engine
 * must have been started.
 *
 * @returns The results and their folder.
 * @throws {LockedError} If another process runs it.
 * @throws {StoppedError} If the signal was raised.
 */
export function runMeasurement(
  config: MeasurementConfig,
  preset: PresetName,
  overrides: Overrides,
  options: RunOptions,
): AsyncGenerator<RunEvent, { results: MeasurementResults; folder: string }> {
  const { name, title, claim, cost, settings, departures } = config;
  const base = { arms: { sft: sftArm }, controls: [], claims: [], paperTables: [] };
  const text = { name, title, claim, command: config.command, cost, departures };
  const whole: ExperimentConfig = { ...text, ...base, settings };
  const { arms: _arms, ...others } = overrides;
  const experiment = resolveExperiment(whole, preset, others);
  return superviseRun(experiment, options, {
    stages: (context, folder) => measures[config.measure](context, folder),
    finish: async (_context, { tables, findings, pictures = [] }, facts) => ({
      experiment: name,
      title,
      claim,
      cost,
      command: facts.command,
      departures: [...departures, ...presets[preset].departures],
      preset,
      environment: await environment(),
      settings: experiment.settings,
      settingsHash: facts.settingsHash,
      dataDescription: facts.dataDescription,
      tables,
      findings,
      pictures,
      notes: facts.notes,
    }),
  });
}
