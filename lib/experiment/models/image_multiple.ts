import { join } from "node:path";
import { readJson } from "../../core/mod.ts";
import { latentFactor, parseAutoencoderConfig, parseUnetConfig, unetFactor } from "../../backbones/mod.ts";
import { pixelCodec } from "../../flow/mod.ts";
import type { OpenOptions } from "./opened_model.ts";

/** Latents along the side of a token of FLUX. */
const PACKED = 2;

/**
 * Tell what sides of images must be multiples of, from configurations alone: what the codec of the opened model says.
 *
 * @throws {InputOutputError} If a configuration is missing.
 * @throws {DataError} If one does not fit.
 */
export async function imageMultiple(
  { backbone, checkpoint }: Pick<OpenOptions, "backbone" | "checkpoint">,
): Promise<number> {
  if (backbone === "small") return pixelCodec.multiple;
  const read = (folder: string) => readJson(join(checkpoint, folder, "config.json"));
  const factor = latentFactor(parseAutoencoderConfig(await read("vae")));
  return factor * (backbone === "flux" ? PACKED : unetFactor(parseUnetConfig(await read("unet"))));
}
