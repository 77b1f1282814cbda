import { fluxTargets, unetTargets } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { conditionedFlux, conditionedUnet } from "./conditioning.ts";
import type { OpenOptions } from "./opened_model.ts";
import { fluxModelParts, unetModelParts } from "./parts.ts";
import { readSmallBackbone } from "./small_model.ts";

/**
 * List the layers of a network that may take an adapter, from its configuration or shapes alone: no weights are read.
 *
 * @throws {InputOutputError} If a file is missing.
 * @throws {DataError} If a configuration does not fit.
 * @throws {UsageError} If it does not take the condition as asked.
 */
export async function networkTargets(
  { backbone, checkpoint, conditioning }: Pick<OpenOptions, "backbone" | "checkpoint" | "conditioning">,
): Promise<LinearShapes> {
  switch (backbone) {
    case "flux":
      return fluxTargets(conditionedFlux((await fluxModelParts(checkpoint)).network.config, conditioning).config);
    case "sd15":
    case "sdxl":
      return unetTargets(conditionedUnet((await unetModelParts(checkpoint)).network.config));
    case "small":
      return (await readSmallBackbone(checkpoint)).targets;
  }
}
