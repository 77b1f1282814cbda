import { type ExperimentConfig, resolveExperiment } from "./config.ts";
import { type PresetName, presets } from "./presets.ts";

/** Everything that decides an experiment's results, resolved for every preset: a changed default shows as a difference. */
export function pinnedSettings(config: ExperimentConfig): Record<string, unknown> {
  return Object.fromEntries(
    (Object.keys(presets) as PresetName[]).map((preset) => {
      const { settings, arms } = resolveExperiment(config, preset);
      return [preset, { settings, arms }];
    }),
  );
}
