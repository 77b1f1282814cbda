import { fluxTargets, unetTargets } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import type { OpenOptions } from "./opened_model.ts";
import { fluxModelParts, unetModelParts } from "./parts.ts";
import { readSmallBackbone } from "./small_model.ts";

/**
 * List the layers of a network that may take an adapter, from its configuration or shapes alone: no weights are read.
 *
 * @throws {InputOutputError} If a file is missing.
 * @throws {DataError} If a configuration does not fit.
 */
export async function networkTargets(
  { backbone, checkpoint, conditioning }: Pick<OpenOptions, "backbone" | "checkpoint" | "conditioning">,
): Promise<LinearShapes> {
  switch (backbone) {
    case "flux": {
      const { config } = (await fluxModelParts(checkpoint)).network;
      return fluxTargets(conditioning === "channel" ? { ...config, inChannels: 2 * config.outChannels } : config);
    }
    case "sd15":
    case "sdxl": {
      const { config } = (await unetModelParts(checkpoint)).network;
      return unetTargets({ ...config, inChannels: 2 * config.outChannels });
    }
    case "small":
      return (await readSmallBackbone(checkpoint)).targets;
  }
}
