import { contentHash, disposeParams, hashParams, type JsonValue, type Params } from "../../core/mod.ts";
import { type AutoencoderConfig, latentFactor, type Prompt, readAutoencoder } from "../../backbones/mod.ts";
import { startedEngine } from "../../engine/mod.ts";
import { autoencoderCodec, type Codec } from "../../flow/mod.ts";
import { type Layout, loadParams, matchParams, openCheckpoint, type WeightSource } from "../../weights/mod.ts";
import type { OpenOptions } from "./opened_model.ts";
import { type Part, partIdentity } from "./parts.ts";

/** A codec with the weights behind it. */
export interface OpenedCodec extends Disposable {
  /** Its autoencoder stays in memory until this is disposed. */
  readonly codec: Codec;
  /** Changes with its files. */
  readonly identity: string;
}

/**
 * Open the autoencoder of a checkpoint.
 *
 * @param part Where its weights lie, and their configuration.
 * @param options.cells What the sides of latents must be multiples of.
 * @param options.tile Side of a tile in pixels.
 */
export async function openCodec(
  part: Part<AutoencoderConfig>,
  { cells, tile }: { readonly cells: number; readonly tile?: number },
): Promise<OpenedCodec> {
  const { weights, config } = part, params = await readAutoencoder(config, weights);
  return {
    codec: autoencoderCodec(config, params, { multiple: cells * latentFactor(config), tile }),
    identity: contentHash(await partIdentity(part)),
    [Symbol.dispose]: () => disposeParams(params),
  };
}

/**
 * Open the weights of a network without loading them.
 *
 * @param folder Of the network inside the checkpoint, or a single file.
 * @param layout Of its names.
 */
export function openNetwork(
  folder: string,
  { dtype = "bf16" }: Pick<OpenOptions, "dtype">,
  layout?: Layout,
): Promise<WeightSource> {
  return openCheckpoint(folder, { precision: dtype === "bf16" ? "bfloat16" : "float32", layout });
}

/**
 * Load the weights of a network.
 *
 * @param folder Of the network inside the checkpoint, or a single file.
 * @param shapes What it must hold, exactly.
 * @param layout Of its names.
 */
export async function loadNetwork(
  folder: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  options: Pick<OpenOptions, "dtype">,
  layout?: Layout,
): Promise<Params> {
  using source = await openNetwork(folder, options, layout);
  matchParams(source.tensors, shapes, folder);
  return await loadParams(source);
}

/** Whether matrices are held as bfloat16: WebAssembly has no such type. Before an engine is started, of the native one. */
export function holdsBfloat16(dtype: OpenOptions["dtype"] = "bf16"): boolean {
  return dtype === "bf16" && startedEngine()?.engine !== "wasm";
}

/** Says how weights are held where that is not what was asked for. */
export function weightNotes({ dtype = "bf16" }: Pick<OpenOptions, "dtype">): string[] {
  if (dtype !== "bf16" || holdsBfloat16(dtype)) return [];
  return ["WebAssembly has no bfloat16: weights are rounded to it and held as float32, in twice the memory"];
}

/** Identifies a network by its files, its text and how it is used. */
export async function networkIdentity(part: Part<object>, prompt: Prompt, options: JsonValue): Promise<string> {
  const text = await hashParams({ states: prompt.states, pooled: prompt.pooled });
  return contentHash([await partIdentity(part), text, options]);
}
