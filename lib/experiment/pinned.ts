import type { ResolvedExperiment } from "./config.ts";
import { type PresetName, presets } from "./presets.ts";

/** The settings and arms of an experiment, resolved for every preset: a changed default shows as a difference. */
export function pinnedSettings(resolve: (preset: PresetName) => ResolvedExperiment): Record<string, unknown> {
  return Object.fromEntries(
    (Object.keys(presets) as PresetName[]).map((preset) => {
      const { settings, arms } = resolve(preset);
      return [preset, { settings, arms }];
    }),
  );
}
