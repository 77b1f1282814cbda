import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DataError, type JsonValue, readJson } from "../../core/mod.ts";
import {
  type AutoencoderConfig,
  deriveFluxConfig,
  FLUX_AUTOENCODER,
  type FluxConfig,
  parseAutoencoderConfig,
  parseFluxConfig,
  parseUnetConfig,
  type UnetConfig,
} from "../../backbones/mod.ts";
import { checkpointFiles, fluxLayout, openCheckpoint } from "../../weights/mod.ts";
import type { ModelKind } from "./kinds.ts";
import { filesIdentity } from "./files_identity.ts";

/** Weights and what they are of. */
export interface Part<Config> {
  /** Folder in diffusers' layout, or a file. */
  readonly weights: string;
  /** From its `config.json`, or of the original FLUX. */
  readonly config: Config;
}

/** Where the parts of a published checkpoint lie. */
export interface ModelParts<Config = FluxConfig | UnetConfig> {
  /** Holds the empty prompt or the folders of text encoders. */
  readonly folder: string;
  /** The FLUX transformer or the UNet. */
  readonly network: Part<Config>;
  /** The autoencoder. */
  readonly autoencoder: Part<AutoencoderConfig>;
  /** Whether `scheduler` lies in the folder: the original layout has none. */
  readonly scheduler: boolean;
}

/** The original single file in its folder: `flux1-dev.safetensors`, `flux1-schnell.safetensors`. */
const ORIGINAL = /^flux1.*\.safetensors$/;
const FLUX = "transformer/config.json", UNET = "unet/config.json", SMALL = "stage.json";
const ACCEPTED =
  `one of ${FLUX} (FLUX in diffusers' layout), flux1-*.safetensors with ae.safetensors beside it (FLUX in ` +
  `the original layout, which may also be named as a file), ${UNET} (SD1.5 and SDXL in diffusers' layout) and ` +
  `${SMALL} (small)`;

/**
 * Tell what a checkpoint is of.
 *
 * @param checkpoint A folder, or the original single file of FLUX.
 * @throws {DataError} If it holds no layout that is known, or more than one; the error names those that are accepted.
 */
export async function checkpointKind(checkpoint: string): Promise<ModelKind> {
  switch (layoutOf(checkpoint)) {
    case SMALL:
      return "small";
    case UNET:
      return parseUnetConfig(await readJson(join(checkpoint, UNET))).added ? "sdxl" : "sd15";
    default:
      return "flux";
  }
}

/**
 * Find the parts of a FLUX checkpoint, in diffusers' layout or the original one.
 *
 * The original has no configurations: `config.json` beside the file and `vae/config.json` are read where they are, else that
 * of the transformer follows from its shapes and that of the autoencoder is FLUX.1's.
 *
 * @throws {DataError} If it is no FLUX, or no configuration fits.
 * @throws {InputOutputError} If a file is missing.
 */
export async function fluxModelParts(checkpoint: string): Promise<ModelParts<FluxConfig>> {
  const layout = layoutOf(checkpoint);
  if (layout === FLUX) return await diffusersParts(checkpoint, "transformer", parseFluxConfig);
  if (layout === UNET || layout === SMALL) throw refusal(checkpoint, layout);
  const folder = dirname(layout), own = join(folder, "config.json"), coder = join(folder, "vae", "config.json");
  const derived = async () => {
    using source = await openCheckpoint(layout, { layout: fluxLayout });
    return deriveFluxConfig(source.tensors, layout);
  };
  return {
    folder,
    network: { weights: layout, config: existsSync(own) ? parseFluxConfig(await readJson(own), own) : await derived() },
    autoencoder: {
      weights: join(folder, "ae.safetensors"),
      config: existsSync(coder) ? parseAutoencoderConfig(await readJson(coder)) : FLUX_AUTOENCODER,
    },
    scheduler: false,
  };
}

/**
 * Find the parts of a checkpoint of SD1.5 or SDXL in diffusers' layout.
 *
 * @throws {DataError} If it is none, such as a single file.
 * @throws {InputOutputError} If a file is missing.
 */
export async function unetModelParts(checkpoint: string): Promise<ModelParts<UnetConfig>> {
  const layout = layoutOf(checkpoint);
  if (layout !== UNET) throw refusal(checkpoint, layout);
  return await diffusersParts(checkpoint, "unet", parseUnetConfig);
}

/** Find the parts of a published checkpoint of a kind. */
export function modelParts(kind: Exclude<ModelKind, "small">, checkpoint: string): Promise<ModelParts> {
  return kind === "flux" ? fluxModelParts(checkpoint) : unetModelParts(checkpoint);
}

/** Changes with the files and the configuration of a part. */
export async function partIdentity({ weights, config }: Part<object>): Promise<JsonValue> {
  return [await filesIdentity((await checkpointFiles(weights)).files), config as JsonValue];
}

async function diffusersParts<Config>(
  folder: string,
  network: string,
  parse: (json: unknown) => Config,
): Promise<ModelParts<Config>> {
  const part = async <C>(name: string, parse: (json: unknown) => C): Promise<Part<C>> => {
    const weights = join(folder, name);
    return { weights, config: parse(await readJson(join(weights, "config.json"))) };
  };
  const needed = [join(network, "config.json"), join("vae", "config.json"), join("scheduler", "scheduler_config.json")];
  const missing = needed.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0) {
    throw new DataError(
      `Cannot open checkpoint ${folder} as it must hold ${needed.join(", ")}: current value lacks ${
        missing.join(", ")
      }`,
    );
  }
  const autoencoder = await part("vae", parseAutoencoderConfig);
  return { folder, network: await part(network, parse), autoencoder, scheduler: true };
}

/** The one layout that is there: the file that tells it, or the path of the original single file. */
function layoutOf(checkpoint: string): string {
  const stats = statSync(checkpoint, { throwIfNoEntry: false });
  if (stats?.isFile() && checkpoint.endsWith(".safetensors")) return checkpoint;
  if (stats?.isFile()) throw refusal(checkpoint, "a file of another kind");
  const found = stats === undefined ? [] : [
    ...[SMALL, FLUX, UNET].filter((name) => existsSync(join(checkpoint, name))),
    ...readdirSync(checkpoint).filter((name) => ORIGINAL.test(name)).sort(),
  ];
  if (found.length !== 1) throw refusal(checkpoint, found.join(", "));
  return ORIGINAL.test(found[0]) ? join(checkpoint, found[0]) : found[0];
}

function refusal(checkpoint: string, found: string): DataError {
  const value = found || (existsSync(checkpoint) ? "a folder without them" : "no such folder");
  return new DataError(`Cannot open checkpoint ${checkpoint} as it must hold ${ACCEPTED}: current value is ${value}`);
}
