import type { ResolvedExperiment } from "./config.ts";
import { presets, TRAINED_SOURCES } from "./presets.ts";
import { describeSources } from "./sources.ts";

/** Lists where a run departs from the paper: what its experiment and its preset say, with the sources of its artifacts. */
export function departuresOf({ config, preset, settings }: ResolvedExperiment): string[] {
  return [...config.departures, ...presets[preset].departures].map((departure) =>
    departure === TRAINED_SOURCES ? describeSources(settings) ?? departure : departure
  );
}
