import { countLora, targetSets } from "../../backbones/mod.ts";
import { UsageError } from "../../core/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import type { ModelKind } from "../models/mod.ts";
import type { TrainSettings } from "./settings.ts";

/** The layer through which a condition on the channels enters published weights; the small model knows its condition. */
const INPUTS: Readonly<Record<ModelKind, string | undefined>> = {
  flux: "x_embedder",
  sd15: "conv_in",
  sdxl: "conv_in",
  small: undefined,
};

/**
 * Choose the layers of a network that take an adapter. Where the condition enters widened published weights, their first
 * layer is always among them: nothing else lets the condition in.
 *
 * @param targets All that may take one.
 * @throws {UsageError} If the network has none of the layers.
 */
export function adapterTargets(
  targets: LinearShapes,
  { backbone, lora, conditioning }: Pick<TrainSettings, "backbone" | "lora" | "conditioning">,
): LinearShapes {
  const input = conditioning === "channel" ? INPUTS[backbone] : undefined, set = targetSets[lora.targets](targets);
  const chosen = Object.entries(targets).filter(([module]) => module === input || module in set);
  if (chosen.length === 0) {
    throw new UsageError(`Cannot adapt ${backbone} as it must have layers of the set ${lora.targets}: there are none`);
  }
  return Object.fromEntries(chosen);
}

/** Says how large the adapters are; of FLUX also how that stands to the paper's numbers. */
export function targetsLine(targets: LinearShapes, { backbone, lora }: TrainSettings): string {
  const values = countLora(targets, lora.rank).toLocaleString("en"), layers = Object.keys(targets).length;
  const line = `${layers} layers adapted (${lora.targets}), ${values} values at rank ${lora.rank}`;
  return backbone === "flux" ? `${line}; no natural set of layers has the counts of the paper's Table 4` : line;
}
