import { join } from "node:path";
import { readJson } from "../../core/mod.ts";
import { fluxTargets, parseFluxConfig, parseUnetConfig, unetTargets } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { readSmallBackbone } from "./small_model.ts";
import type { OpenOptions } from "./opened_model.ts";

/**
 * List the layers of a network that may take an adapter, from its configuration alone: no weights are read.
 *
 * @throws {InputOutputError} If the configuration is missing.
 * @throws {DataError} If it does not fit.
 */
export async function networkTargets(
  { backbone, checkpoint, conditioning }: Pick<OpenOptions, "backbone" | "checkpoint" | "conditioning">,
): Promise<LinearShapes> {
  const read = (folder: string) => readJson(join(checkpoint, folder, "config.json"));
  switch (backbone) {
    case "flux": {
      const config = parseFluxConfig(await read("transformer"));
      return fluxTargets(conditioning === "channel" ? { ...config, inChannels: 2 * config.outChannels } : config);
    }
    case "sd15":
    case "sdxl": {
      const config = parseUnetConfig(await read("unet"));
      return unetTargets({ ...config, inChannels: 2 * config.outChannels });
    }
    case "small":
      return (await readSmallBackbone(checkpoint)).targets;
  }
}
