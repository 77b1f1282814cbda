import { join } from "node:path";
import { tf } from "../../engine/mod.ts";
import { disposeParams, tensorScope, writeJson } from "../../core/mod.ts";
import type { Adapter } from "../../nn/mod.ts";
import { writeSafetensors } from "../write.ts";
import { fuseLayers } from "./fused.ts";
import { kohyaName } from "./kohya_names.ts";
import { factorsOf, foldAlpha, layersOf, type LoraLayer, oneRank, padRanks } from "./layer.ts";
import { type LoraFormat, type LoraNetwork, type LoraPrefix, METADATA, PEFT_CONFIG, PEFT_FILE } from "./lora_file.ts";
import { matchLora } from "./match_lora.ts";
import { PEFT_PREFIX } from "./name_layers.ts";
import { peftConfig, rankSettings } from "./settings.ts";

/** How an adapter is written. */
export interface WriteLoraOptions {
  /** `diffusers` by default. */
  readonly format?: LoraFormat;
  /** Further texts for the header of the file. */
  readonly header?: Readonly<Record<string, string>>;
}

/**
 * Write an adapter so that others read the same factor `alpha / rank` from it. A convolution has kernels as factors.
 *
 * - `diffusers`: of FLUX, alpha is in the header where it is the rank, otherwise in `.alpha` tensors, never both:
 *   diffusers refuses a file with both, and ComfyUI reads the tensors only. Of a UNet it is always in the header, as diffusers
 *   refuses the tensors and ComfyUI the names. Ranks that differ are in the header, of FLUX with alpha in B.
 * - `kohya`: for FLUX on the layers that the original has fused; diffusers 0.42 leaves out `x_embedder`, `norm_out` and
 *   `proj_out` of such a file. For UNets all layers have the largest rank, as diffusers confuses alphas that differ.
 * - `peft`: a folder with `adapter_config.json`.
 *
 * @param path A file, by diffusers called `pytorch_lora_weights.safetensors`; for `peft` a folder.
 * @param adapter What to write.
 * @param network Tells its prefix and which layers are convolutions.
 * @throws {DataError} If it adapts layers that are not among the network's targets: the error lists them.
 * @throws {InputOutputError} If the file cannot be written.
 */
export async function writeLora(
  path: string,
  adapter: Adapter,
  network: LoraNetwork,
  { format = "diffusers", header = {} }: WriteLoraOptions = {},
): Promise<void> {
  matchLora(adapter, network);
  using scope = tensorScope();
  const layers = layersOf(adapter, network.targets), { prefix } = network;
  switch (format) {
    case "diffusers":
      return await writeDiffusers(
        path,
        oneRank(layers) || prefix === "unet" ? layers : layers.map((layer) => foldAlpha(layer, scope)),
        prefix,
        header,
      );
    case "kohya":
      return await writeKohya(
        path,
        prefix === "transformer" ? fuseLayers(layers, scope) : padRanks(layers, scope),
        header,
      );
    case "peft":
      await writeFactors(join(path, PEFT_FILE), layers, (module, letter) => `${PEFT_PREFIX}${module}.lora_${letter}`, {
        metadata: header,
      });
      return await writeJson(join(path, PEFT_CONFIG), peftConfig(layers));
  }
}

/** The files that {@link writeLora} writes. */
export function loraOutputs(path: string, format: LoraFormat): string[] {
  return format === "peft" ? [PEFT_FILE, PEFT_CONFIG].map((name) => join(path, name)) : [path];
}

/** Names both factors of a layer in a file. */
type Naming = (module: string, letter: "A" | "B") => string;

type Header = Readonly<Record<string, string>>;

async function writeDiffusers(
  path: string,
  layers: readonly LoraLayer[],
  prefix: LoraPrefix,
  header: Header,
): Promise<void> {
  const naming: Naming = (module, letter) => `${prefix}.${module}.lora_${letter}`;
  if (prefix === "transformer" && layers.some(({ alpha, down }) => alpha !== down.shape[0])) {
    return await writeFactors(path, layers, naming, {
      alphaName: (module) => `${prefix}.${module}.alpha`,
      metadata: header,
    });
  }
  const settings = { ...rankSettings(layers), target_modules: layers.map(({ module }) => module) };
  const prefixed = Object.entries(settings).map(([name, value]) => [`${prefix}.${name}`, value]);
  const metadata = { ...header, [METADATA]: JSON.stringify(Object.fromEntries(prefixed)) };
  await writeFactors(path, layers, naming, { metadata });
}

async function writeKohya(path: string, layers: readonly LoraLayer[], header: Header): Promise<void> {
  const naming: Naming = (module, letter) => `${kohyaName(module)}.lora_${letter === "A" ? "down" : "up"}`;
  await writeFactors(path, layers, naming, { alphaName: (module) => `${kohyaName(module)}.alpha`, metadata: header });
}

async function writeFactors(
  path: string,
  layers: readonly LoraLayer[],
  naming: Naming,
  { alphaName, metadata }: {
    readonly alphaName?: (module: string) => string;
    readonly metadata: Header;
  },
): Promise<void> {
  const tensors: Record<string, tf.Tensor> = {};
  try {
    for (const layer of layers) {
      const { down, up } = factorsOf(layer);
      tensors[`${naming(layer.module, "A")}.weight`] = down;
      tensors[`${naming(layer.module, "B")}.weight`] = up;
      if (alphaName) tensors[alphaName(layer.module)] = tf.scalar(layer.alpha);
    }
    await writeSafetensors(path, tensors, metadata);
  } finally {
    disposeParams(tensors);
  }
}
