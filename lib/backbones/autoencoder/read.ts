import { disposeParams, type Params } from "../../core/mod.ts";
import { matchParams, readSafetensors, renameAutoencoder } from "../../weights/mod.ts";
import type { AutoencoderConfig } from "./config.ts";
import { autoencoderShapes } from "./shapes.ts";

/**
 * Read the weights of an autoencoder.
 *
 * @param config Widths and depths.
 * @param path One safetensors file, such as the original `ae.safetensors`, or a folder with it or the index of several.
 * @returns Owned by the caller, in float32, under today's names whatever the file has.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If names or shapes are not the network's; it lists them.
 */
export async function readAutoencoder(config: AutoencoderConfig, path: string): Promise<Params> {
  const params = renameAutoencoder((await readSafetensors(path)).tensors);
  try {
    matchParams(params, autoencoderShapes(config), path);
  } catch (error) {
    disposeParams(params);
    throw error;
  }
  return params;
}
