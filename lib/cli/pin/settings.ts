import { experiments, measurements, table6 } from "../../../experiments/mod.ts";
import { pinnedSettings, resolveExperiment, resolveMeasurement } from "../../experiment/mod.ts";

/** What `pinned.json` of every experiment that runs here holds, by name. */
export function everyPinned(): Readonly<Record<string, unknown>> {
  return {
    ...Object.fromEntries(
      Object.entries(experiments).map(([name, config]) => [
        name,
        pinnedSettings((preset) => resolveExperiment(config, preset)),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(measurements).map(([name, config]) => [
        name,
        pinnedSettings((preset) => resolveMeasurement(config, preset, {})),
      ]),
    ),
    [table6.name]: table6.settings,
  };
}
