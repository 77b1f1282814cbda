import { join } from "node:path";
import { readJson } from "../../core/mod.ts";
import { fluxTargets, parseFluxConfig, parseUnetConfig, unetTargets } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { conditionedFlux, conditionedUnet } from "./conditioning.ts";
import { readSmallBackbone } from "./small_model.ts";
import type { OpenOptions } from "./opened_model.ts";

/**
 * List the layers of a network that may take an adapter, from its configuration alone: no weights are read.
 *
 * @throws {InputOutputError} If the configuration is missing.
 * @throws {DataError} If it does not fit.
 * @throws {UsageError} If it does not take the condition as asked.
 */
export async function networkTargets(
  { backbone, checkpoint, conditioning }: Pick<OpenOptions, "backbone" | "checkpoint" | "conditioning">,
): Promise<LinearShapes> {
  const read = (folder: string) => readJson(join(checkpoint, folder, "config.json"));
  switch (backbone) {
    case "flux":
      return fluxTargets(conditionedFlux(parseFluxConfig(await read("transformer")), conditioning).config);
    case "sd15":
    case "sdxl":
      return unetTargets(conditionedUnet(parseUnetConfig(await read("unet"))));
    case "small":
      return (await readSmallBackbone(checkpoint)).targets;
  }
}
