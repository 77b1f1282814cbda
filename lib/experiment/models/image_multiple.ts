import { latentFactor, unetFactor } from "../../backbones/mod.ts";
import { pixelCodec } from "../../flow/mod.ts";
import type { OpenOptions } from "./opened_model.ts";
import { fluxModelParts, unetModelParts } from "./parts.ts";

/** Latents along the side of a token of FLUX. */
const PACKED = 2;

/**
 * Tell what sides of images must be multiples of, from configurations alone: what the codec of the opened model says.
 *
 * @throws {InputOutputError} If a file is missing.
 * @throws {DataError} If a configuration does not fit.
 */
export async function imageMultiple(
  { backbone, checkpoint }: Pick<OpenOptions, "backbone" | "checkpoint">,
): Promise<number> {
  if (backbone === "small") return pixelCodec.multiple;
  if (backbone === "flux") return PACKED * latentFactor((await fluxModelParts(checkpoint)).autoencoder.config);
  const { network, autoencoder } = await unetModelParts(checkpoint);
  return unetFactor(network.config) * latentFactor(autoencoder.config);
}
