import { UsageError } from "../../core/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import type { ModelKind } from "../models/mod.ts";
import type { TargetSet } from "./settings.ts";

/** Attention of the image, or of the joint sequence in single blocks. */
const ATTENTION = ["to_q", "to_k", "to_v", "to_out.0"];

/**
 * Ends of the names of the adapted layers. `diffusers`: the list of its FLUX DreamBooth script, which on a UNet are the
 * attention and feed-forward layers. `paper`: nearest to the parameter counts of Table 4, which no natural set matches.
 */
const SUFFIXES: Readonly<Record<TargetSet, readonly string[]>> = {
  diffusers: [
    ...ATTENTION,
    "add_q_proj",
    "add_k_proj",
    "add_v_proj",
    "to_add_out",
    "ff.net.0.proj",
    "ff.net.2",
    "ff_context.net.0.proj",
    "ff_context.net.2",
  ],
  paper: [...ATTENTION, "proj_out"],
};

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
  kind: ModelKind,
  set: TargetSet,
  conditioning: "token" | "channel",
): LinearShapes {
  const input = conditioning === "channel" ? INPUTS[kind] : undefined;
  const chosen = Object.entries(targets).filter(([module]) =>
    module === input || SUFFIXES[set].some((suffix) => module === suffix || module.endsWith(`.${suffix}`))
  );
  if (chosen.length === 0) {
    throw new UsageError(`Cannot adapt ${kind} as it must have layers of the set ${set}: current value is none`);
  }
  return Object.fromEntries(chosen);
}

/** Counts the values of an adapter of these layers. */
export function adapterSize(targets: LinearShapes, rank: number): number {
  return Object.values(targets).reduce((sum, { in: width, out }) => sum + rank * (width + out), 0);
}
