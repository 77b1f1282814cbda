import { tf } from "../engine/mod.ts";
import { DataError, disposeParams, mapParams, type Params } from "../core/mod.ts";
import { type Adapter, loraModules } from "../nn/mod.ts";
import { readSafetensors } from "./read.ts";
import { writeSafetensors } from "./write.ts";

const METADATA = "lora_adapter_metadata";

/**
 * Read an adapter in the layout of diffusers: `<prefix>.<module>.lora_A.weight` and `.lora_B.weight`.
 *
 * Alpha comes from the file's metadata or its `.alpha` tensors; where there is neither, it is the rank.
 *
 * @param path A safetensors file.
 * @param prefix Name of the adapted network in front of every module.
 * @returns An adapter without the prefix, whose tensors belong to the caller.
 * @throws {InputOutputError} If the file cannot be read.
 * @throws {DataError} If a name does not fit the layout, factors do not fit each other, or rank or alpha are not the same
 * everywhere.
 */
export async function readLora(path: string, prefix = "transformer"): Promise<Adapter> {
  const { tensors, metadata } = await readSafetensors(path);
  try {
    const factors: Record<string, Params[string]> = {};
    const alphas = new Set<number>();
    for (const [name, tensor] of Object.entries(tensors)) {
      if (!name.startsWith(`${prefix}.`)) fail(path, `names must begin with ${prefix}.`, name);
      if (name.endsWith(".alpha")) alphas.add((await tensor.data())[0]);
      else factors[name.slice(prefix.length + 1)] = tensor;
    }
    const rank = commonRank(path, factors);
    const told = tellAlpha(path, metadata, prefix);
    if (told !== undefined) alphas.add(told);
    if (alphas.size > 1) fail(path, "one alpha must hold for all modules", [...alphas].join(", "));
    const [alpha = rank] = alphas;
    return { rank, alpha, params: mapParams(factors, (tensor) => tensor.clone()) };
  } finally {
    disposeParams(tensors);
  }
}

/**
 * Write an adapter in the layout of diffusers, so that diffusers and ComfyUI read the same alpha: where it equals the rank
 * it goes into the metadata, otherwise into `.alpha` tensors, never both.
 *
 * @param path A safetensors file; diffusers looks for `pytorch_lora_weights.safetensors`.
 * @param adapter What to write.
 * @param prefix Name of the adapted network in front of every module.
 * @throws {InputOutputError} If the file cannot be written.
 */
export async function writeLora(path: string, adapter: Adapter, prefix = "transformer"): Promise<void> {
  const { rank, alpha, params } = adapter;
  const named = Object.fromEntries(Object.entries(params).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
  if (alpha === rank) {
    const metadata = {
      [`${prefix}.r`]: rank,
      [`${prefix}.lora_alpha`]: alpha,
      [`${prefix}.target_modules`]: loraModules(adapter),
    };
    return await writeSafetensors(path, named, { [METADATA]: JSON.stringify(metadata) });
  }
  const alphas = Object.fromEntries(
    loraModules(adapter).map((module) => [`${prefix}.${module}.alpha`, tf.scalar(alpha)]),
  );
  try {
    await writeSafetensors(path, { ...named, ...alphas });
  } finally {
    disposeParams(alphas);
  }
}

/** The rank that all factors share. */
function commonRank(path: string, factors: Params): number {
  const ranks = new Set<number>();
  for (const [name, { shape }] of Object.entries(factors)) {
    const [, module, letter] = /^(.+)\.lora_([AB])\.weight$/.exec(name) ?? [];
    const other = `${module}.lora_${letter === "A" ? "B" : "A"}.weight`;
    if (module === undefined || shape.length !== 2) {
      fail(path, "tensors must be lora_A, lora_B or alpha of a module", name);
    }
    if (!(other in factors)) fail(path, `${name} must come with ${other}`, "none");
    ranks.add(shape[letter === "A" ? 0 : 1]);
  }
  if (ranks.size !== 1) fail(path, "one rank must hold for all modules", [...ranks].join(", ") || "none");
  return [...ranks][0];
}

function tellAlpha(path: string, metadata: Readonly<Record<string, string>>, prefix: string): number | undefined {
  if (metadata[METADATA] === undefined) return undefined;
  try {
    const alpha: unknown = JSON.parse(metadata[METADATA])[`${prefix}.lora_alpha`];
    if (typeof alpha === "number") return alpha;
  } catch (error) {
    throw new DataError(`Cannot read ${path} as its ${METADATA} must be JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return undefined;
}

function fail(path: string, rule: string, value: string): never {
  throw new DataError(`Cannot read adapter ${path} as ${rule}: current value is ${value}`);
}
