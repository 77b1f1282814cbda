import { type Backbone, smallTransformer } from "../backbones/mod.ts";
import { RefusedError } from "../core/mod.ts";
import type { Settings } from "./schema/mod.ts";

/**
 * Builds the backbone that the settings name.
 *
 * @throws {RefusedError} If it needs published weights.
 */
export function backboneOf({ backbone }: Pick<Settings, "backbone">): Backbone {
  if (backbone.kind === "flux") {
    throw new RefusedError("Cannot build the backbone as FLUX.1-dev needs its weights: current value is none");
  }
  const { width, heads, doubleBlocks, singleBlocks } = backbone;
  return smallTransformer({ width, heads, double: doubleBlocks, single: singleBlocks });
}
