import { UsageError } from "../../core/mod.ts";
import { type ArtifactSourceSettings, type Overrides, trainedSources } from "../../experiment/mod.ts";
import { readRestorerName, restorerNames } from "../../restorers/mod.ts";
import { list, type Option, type OptionValues, paths } from "../options.ts";

/** Options that say where artifacts come from. */
export const sourceOptions: Record<string, Option> = {
  artifacts: {
    type: "string",
    multiple: true,
    value: "A,B",
    help:
      `sources of artifacts: ${[...trainedSources, ...restorerNames].join(", ")}, realesrgan-general@0.5 (a blend ` +
      `with its twin); default: ${trainedSources.join(", ")}, which are trained here`,
  },
  outputs: {
    type: "string",
    multiple: true,
    value: "NAME=DIR",
    help: "artifacts: outputs of any system on the images of --export; may be repeated",
  },
  negatives: {
    type: "string",
    multiple: true,
    value: "DIR",
    help: "artifacts: a folder of `deno task negatives`; may be repeated",
  },
  weights: { type: "string", value: "DIR", help: "folder of the restorers' safetensors files (default: weights)" },
  export: {
    type: "string",
    value: "DIR",
    help: "write the low-resolution training crops that other systems shall restore, and stop",
  },
};

/**
 * Reads where artifacts come from.
 *
 * @returns Nothing where no source is named: then the run trains its own.
 * @throws {UsageError} If a source is unknown or not of its form.
 */
export function readSources(values: OptionValues): Pick<Overrides, "sources" | "weights"> {
  const sources: ArtifactSourceSettings[] = [
    ...(list(values.artifacts) ?? []).map(namedSource),
    ...(paths(values.outputs) ?? []).map(outputSource),
    ...(paths(values.negatives) ?? []).map((folder) => ({ kind: "negatives" as const, folder })),
  ];
  return {
    ...(sources.length > 0 ? { sources } : {}),
    ...(values.weights === undefined ? {} : { weights: String(values.weights) }),
  };
}

function namedSource(name: string): ArtifactSourceSettings {
  const trained = trainedSources.find((known) => known === name);
  if (trained !== undefined) return { kind: "trained", name: trained };
  readRestorerName(name);
  return { kind: "restorer", name };
}

function outputSource(text: string): ArtifactSourceSettings {
  const match = /^([\w.-]+)=(.+)$/.exec(text);
  if (match !== null) return { kind: "outputs", name: match[1], folder: match[2] };
  throw new UsageError(`Cannot read --outputs as it must be NAME=DIR, such as seesr=outputs: current value is ${text}`);
}
