import type { LinearShapes } from "../nn/mod.ts";

/** Attention of the image, or of the joint sequence in single blocks. */
const ATTENTION = ["to_q", "to_k", "to_v", "to_out.0"];

/** Names of sets of layers that adapters are trained on. */
export type TargetSet = "diffusers" | "paper";

/**
 * Choose the layers of diffusers' FLUX DreamBooth script: the attention and feed-forward layers of both streams, and of
 * the single blocks the attention. On a UNet these are all attention and feed-forward layers.
 *
 * @param targets All layers of a network that may be adapted.
 * @returns Those that are adapted.
 */
export function diffusersTargets(targets: LinearShapes): LinearShapes {
  const text = ["add_q_proj", "add_k_proj", "add_v_proj", "to_add_out", "ff_context.net.0.proj", "ff_context.net.2"];
  return endingIn(targets, [...ATTENTION, "ff.net.0.proj", "ff.net.2", ...text]);
}

/**
 * Choose the layers whose number of values comes nearest to Table 4 on FLUX.1-dev, which no natural set matches:
 * 29,933,568 at rank 16 where the table has 29.5 M.
 *
 * @param targets All layers of a network that may be adapted.
 * @returns Those that are adapted.
 */
export function paperTargets(targets: LinearShapes): LinearShapes {
  return endingIn(targets, [...ATTENTION, "proj_out"]);
}

/** The sets by name. */
export const targetSets: Readonly<Record<TargetSet, (targets: LinearShapes) => LinearShapes>> = {
  diffusers: diffusersTargets,
  paper: paperTargets,
};

/**
 * Count the values of an adapter.
 *
 * @param targets The layers that it adapts.
 * @param rank Of all of them.
 */
export function countLora(targets: LinearShapes, rank: number): number {
  return Object.values(targets).reduce((sum, { in: width, out }) => sum + rank * (width + out), 0);
}

/** As PEFT matches names: whole, or their end after a dot. */
function endingIn(targets: LinearShapes, suffixes: readonly string[]): LinearShapes {
  return Object.fromEntries(
    Object.entries(targets).filter(([module]) =>
      suffixes.some((suffix) => module === suffix || module.endsWith(`.${suffix}`))
    ),
  );
}
