import { dirname, join } from "node:path";
import { DataError, disposeParams, inputOutputError, readJson, tensorScope } from "../../core/mod.ts";
import { listed } from "../match.ts";
import { readSafetensors } from "../read.ts";
import { adapterOf, shapesOf } from "./layer.ts";
import {
  DIFFUSERS_FILE,
  type LoraFile,
  type LoraFormat,
  type LoraNetwork,
  METADATA,
  PEFT_CONFIG,
  PEFT_FILE,
} from "./lora_file.ts";
import { matchLora } from "./match_lora.ts";
import { formatOf, nameLayer, prefixOf } from "./name_layers.ts";
import { rawLayers } from "./raw_layers.ts";
import { type AlphaRule, alphaRule } from "./settings.ts";

/**
 * Read an adapter of FLUX, or of a UNet of Stable Diffusion, in the layout of diffusers (also of its older versions), kohya
 * or PEFT; which one it is, is told by its names.
 *
 * The factor of a layer is `alpha / rank`: alpha is that of its `.alpha` tensor, or of the settings in the header or beside
 * the file; where there is neither, the factor is 1. Layers that the original FLUX has fused are taken apart.
 *
 * @param path As for {@linkcode findLora}.
 * @param network Refuses layers that this network does not have; without it any layers are taken.
 * @returns An adapter under diffusers' names, whose tensors belong to the caller.
 * @throws {InputOutputError} If a file cannot be read.
 * @throws {DataError} If tensors belong to no layer of such a network, factors or alphas do not fit, or layers are not the
 * network's: the error lists them.
 */
export async function readLora(path: string, network?: LoraNetwork): Promise<LoraFile> {
  const file = await findLora(path);
  using scope = tensorScope();
  const { tensors, metadata } = await readSafetensors(file);
  scope.own(tensors);
  const raw = await rawLayers(tensors, file), format = formatOf([...raw.keys()]);
  const rule = await readRule(format, file, metadata[METADATA]);
  const named = Array.from(raw, ([name, layer]) => {
    const alphaOf = (module: string, rank: number) => oneAlpha(file, module, layer.alpha, rule(module, rank)) ?? rank;
    return { name, layers: nameLayer(format, name, layer, alphaOf, scope) };
  });
  const layers = named.flatMap(({ layers }) => layers ?? []), prefix = prefixOf(layers.map(({ module }) => module));
  const unmatched = named.filter(({ layers }) => prefix === undefined || layers === undefined).map(({ name }) => name);
  if (prefix === undefined || unmatched.length > 0) {
    throw new DataError(
      `Cannot read adapter ${file} as all layers must be those of FLUX, or of a UNet of Stable Diffusion: ` +
        `current value is ${unmatched.length} of ${raw.size} unmatched: ${listed(unmatched)}`,
    );
  }
  const adapter = adapterOf(layers);
  try {
    if (network) matchLora(adapter, network, file);
  } catch (error) {
    disposeParams(adapter.params);
    throw error;
  }
  return { ...adapter, format, network: { prefix, targets: shapesOf(layers) }, header: metadata };
}

/**
 * Find the weights of an adapter.
 *
 * @param path A file, or the folder of a PEFT adapter or of diffusers' `pytorch_lora_weights.safetensors`.
 * @returns The safetensors file.
 * @throws {InputOutputError} If there is nothing.
 */
export async function findLora(path: string): Promise<string> {
  try {
    if (!(await Deno.stat(path)).isDirectory) return path;
    const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
    return join(path, names.includes(PEFT_CONFIG) ? PEFT_FILE : DIFFUSERS_FILE);
  } catch (error) {
    throw inputOutputError("read", path, error);
  }
}

/** What PEFT's settings say: of a PEFT adapter beside the file, of diffusers' in its header. */
async function readRule(format: LoraFormat, file: string, header: string | undefined): Promise<AlphaRule> {
  if (format === "peft") {
    const path = join(dirname(file), PEFT_CONFIG);
    return alphaRule(await readJson(path) as Readonly<Record<string, unknown>>, path);
  }
  if (format === "kohya" || header === undefined) return () => undefined;
  try {
    const fields = Object.entries(JSON.parse(header) as Readonly<Record<string, unknown>>);
    const settings = fields.map(([name, value]) => [name.replace(/^(?:transformer|unet)\./, ""), value]);
    return alphaRule(Object.fromEntries(settings), file);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`Cannot read adapter ${file} as its ${METADATA} must be JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function oneAlpha(file: string, module: string, own?: number, told?: number): number | undefined {
  if (own === undefined || told === undefined || own === told) return own ?? told;
  throw new DataError(
    `Cannot read adapter ${file} as alpha of ${module} must be one number: current value is ${own} and ${told}`,
  );
}
