import { fluxTargets, unetTargets } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { conditionedFlux, conditionedUnet } from "./conditioning.ts";
import type { OpenOptions } from "./opened_model.ts";
import { fluxModelParts, unetModelParts } from "./parts.ts";
import { readSmallBackbone } from "./small_model.ts";

/**
 * Name the first layer of a network whose published weights do not take the condition: it is widened by zeros, and only an
 * adapter of it lets the condition in.
 *
 * @returns Undefined where the weights take the condition as they are.
 * @throws As {@linkcode networkTargets} does.
 */
export async function widenedLayer(
  { backbone, checkpoint, conditioning }: Pick<OpenOptions, "backbone" | "checkpoint" | "conditioning">,
): Promise<"x_embedder" | "conv_in" | undefined> {
  if (backbone === "small") return undefined;
  if (backbone === "flux") {
    const { config } = (await fluxModelParts(checkpoint)).network;
    return conditionedFlux(config, conditioning).config.inChannels === config.inChannels ? undefined : "x_embedder";
  }
  const { config } = (await unetModelParts(checkpoint)).network;
  return conditionedUnet(config).inChannels === config.inChannels ? undefined : "conv_in";
}

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
