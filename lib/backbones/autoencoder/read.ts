import { join } from "node:path";
import { disposeParams, type Params, readJson } from "../../core/mod.ts";
import { matchParams, readSafetensors, renameAutoencoder } from "../../weights/mod.ts";
import { type AutoencoderConfig, parseAutoencoderConfig } from "./config.ts";
import { autoencoderShapes } from "./shapes.ts";

/** An autoencoder and its weights. */
export interface Autoencoder {
  /** Widths and depths. */
  readonly config: AutoencoderConfig;
  /** Owned by the caller, in float32. */
  readonly params: Params;
}

/**
 * Read an autoencoder in diffusers' layout.
 *
 * @param folder It holds `config.json` and one safetensors file or the index of several: a checkpoint's `vae`.
 * @param file Read in place of the folder's own weights, such as the original `ae.safetensors`.
 * @returns Configuration and weights, under today's names whatever the file has.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If the configuration does not fit, or names or shapes are not the network's; it lists them.
 */
export async function readAutoencoder(folder: string, file: string = folder): Promise<Autoencoder> {
  const config = parseAutoencoderConfig(await readJson(join(folder, "config.json")));
  const params = renameAutoencoder((await readSafetensors(file)).tensors);
  try {
    matchParams(params, autoencoderShapes(config), file);
  } catch (error) {
    disposeParams(params);
    throw error;
  }
  return { config, params };
}
