import { sftArm } from "../arms.ts";
import { type ExperimentConfig, type Overrides, type ResolvedExperiment, resolveExperiment } from "../config.ts";
import { departuresOf } from "../departures.ts";
import { environment } from "../environment.ts";
import type { RunEvent } from "../events.ts";
import type { MeasurementConfig, MeasurementResults, MeasureName } from "../measurement.ts";
import type { PresetName } from "../presets.ts";
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

/** Resolves the experiment on whose references a measurement runs: SFT alone, as a measurement has no arms to choose from. */
export function resolveMeasurement(
  { name, title, claim, command, cost, settings, departures }: MeasurementConfig,
  preset: PresetName,
  { arms: _arms, ...overrides }: Overrides,
): ResolvedExperiment {
  const text = { name, title, claim, command, cost, departures };
  const whole: ExperimentConfig = {
    ...text,
    arms: { sft: sftArm },
    controls: [],
    claims: [],
    paperTables: [],
    settings,
  };
  return resolveExperiment(whole, preset, overrides);
}

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
  const { name, title, claim, cost } = config, experiment = resolveMeasurement(config, preset, overrides);
  return superviseRun(experiment, options, {
    stages: (context, folder) => measures[config.measure](context, folder),
    finish: async (_context, { tables, findings, pictures = [] }, facts) => ({
      experiment: name,
      title,
      claim,
      cost,
      command: facts.command,
      departures: departuresOf(experiment),
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
