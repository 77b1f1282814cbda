import { join } from "node:path";
import { tf } from "../../engine/mod.ts";
import { DataError, readJson, StoppedError, writeJson } from "../../core/mod.ts";
import { type Adapter, adapts, type LinearShape, loraModules, mergeLora } from "../../nn/mod.ts";
import { openCheckpoint } from "../checkpoint.ts";
import { fluxLayout } from "../flux_layout.ts";
import { ownNames } from "../layout.ts";
import type { WeightSource } from "../source.ts";
import { fileBytes, isFloatDtype } from "../values.ts";
import { type WritableTensor, writeSharded } from "../write_sharded.ts";
import type { LoraPrefix } from "./lora_file.ts";
import { matchLora } from "./match_lora.ts";

/** The layers that a condition on the channels widens. */
const INPUTS: Readonly<Record<LoraPrefix, string>> = { transformer: "x_embedder", unet: "conv_in" };

/** In the headers of merged weights: how many of its layers adapters changed. */
const MARK = "merged_layers";

/** What was merged. */
export interface MergedCheckpoint {
  /** Layers that the adapter changed. */
  readonly changed: number;
  /** Weights of two or more axes that it could have changed. */
  readonly layers: number;
}

/** Texts in the header of a safetensors file. */
export type Header = Readonly<Record<string, string>>;

/** How a merge is followed and stopped. */
export interface MergeOptions {
  /** Stops before the next tensor. */
  readonly signal?: AbortSignal;
  /** Called before every tensor with its place, from 1, and their number. */
  readonly onTensor?: (place: number, count: number) => void;
  /** Makes the texts for the headers of the files from those there are, which are kept by default. */
  readonly header?: (texts: Header, merged: boolean) => Header;
}

/**
 * Add an adapter to the weights of a network and write them as a checkpoint of its own. One tensor at a time is in memory;
 * sums are made in float32, and every tensor keeps the type that it has.
 *
 * An adapter for a condition on the channels widens the first layer with zeros before it is added, and `in_channels` of
 * `config.json` with it. The headers of the files say that adapters are in the weights.
 *
 * @param source Folder of the network in diffusers' layout, with `config.json`.
 * @param adapter To add; `sumLora` makes one of several.
 * @param prefix Which kind of network it is.
 * @param folder Where the files go.
 * @param options Signal, progress and header.
 * @throws {DataError} If the adapter has layers that the network has not: the error lists them.
 * @throws {InputOutputError} If a file cannot be read or written.
 * @throws {StoppedError} If the signal was raised: nothing of the file under way is left.
 */
export async function mergeCheckpoint(
  source: string,
  adapter: Adapter,
  prefix: LoraPrefix,
  folder: string,
  { signal, onTensor, header }: MergeOptions = {},
): Promise<MergedCheckpoint> {
  const config = await readJson(join(source, "config.json")) as Record<string, unknown>;
  using weights = await openCheckpoint(source, { layout: prefix === "transformer" ? fluxLayout : ownNames });
  const modules = Object.entries(weights.tensors).flatMap(([name, { shape }]) =>
    name.endsWith(".weight") && shape.length > 1 ? [[name.slice(0, -".weight".length), shape] as const] : []
  );
  const input = INPUTS[prefix];
  const targets = Object.fromEntries(
    modules.map(([module, shape]) => [module, linearShape(shape, module === input ? adapter : undefined, module)]),
  );
  matchLora(adapter, { prefix, targets }, `to merge into ${source}`);
  const names = Object.keys(weights.tensors);
  let place = 0;
  const tensors = names.map((name): WritableTensor => {
    const module = name.replace(/\.weight$/, ""), { stored, shape } = weights.tensors[name];
    if (!isFloatDtype(stored)) {
      throw new DataError(
        `Cannot merge into ${source} as ${name} must be F32, F16 or BF16: current value is ${stored}`,
      );
    }
    const read = () => {
      onTensor?.(++place, names.length);
      return valuesOf(weights, name, signal);
    };
    if (module === name || !adapts(adapter, module)) {
      return {
        name,
        shape,
        dtype: stored,
        bytes: async function* () {
          yield fileBytes(await read(), stored);
        },
      };
    }
    const { in: width, kernel = [] } = targets[module];
    const wide = [shape[0], kernel.reduce((rest, length) => rest / length, width), ...kernel];
    return {
      name,
      shape: wide,
      dtype: stored,
      bytes: async function* () {
        yield fileBytes(await addTo({ module, values: await read(), shape, wide }, adapter), stored);
      },
    };
  });
  const changed = loraModules(adapter).length;
  const texts = header ? header(weights.metadata, MARK in weights.metadata) : weights.metadata;
  await writeSharded(folder, tensors, { metadata: { ...texts, [MARK]: String(changed) } });
  const widened = tensors.find(({ name }) => name === `${input}.weight`)?.shape[1] ?? config.in_channels;
  const { in_channels: before, out_channels: out } = config;
  await writeJson(join(folder, "config.json"), {
    ...config,
    ...widened !== before && { in_channels: widened, out_channels: out ?? before },
  });
  return { changed, layers: modules.length };
}

/**
 * Read the header of weights that {@linkcode mergeCheckpoint} wrote; null of others.
 *
 * @param path A file, an index or a folder.
 * @throws {InputOutputError} If it cannot be read.
 * @throws {DataError} If it is no checkpoint.
 */
export async function mergedHeader(path: string): Promise<Header | null> {
  using weights = await openCheckpoint(path);
  return MARK in weights.metadata ? weights.metadata : null;
}

/** A weight as a linear layer; one that may be widened has twice its inputs if the adapter has. */
function linearShape(
  [out, channels, ...sides]: readonly number[],
  adapter: Adapter | undefined,
  module: string,
): LinearShape {
  const kernel = sides.length === 2 ? [sides[0], sides[1]] as const : undefined;
  const width = sides.reduce((size, side) => size * side, channels);
  const adapted = adapter?.params[`${module}.lora_A.weight`]?.shape[1];
  return { in: adapted === 2 * width ? adapted : width, out, ...kernel && { kernel } };
}

/** The weight of a module with an adapter, widened by zeros before where it has to be. */
async function addTo(
  { module, values, shape, wide }: {
    readonly module: string;
    readonly values: Float32Array;
    readonly shape: readonly number[];
    readonly wide: readonly number[];
  },
  adapter: Adapter,
): Promise<Float32Array> {
  const name = `${module}.weight`;
  const own = ["A", "B"].map((letter) => `${module}.lora_${letter}.weight`).map((name) => [name, adapter.params[name]]);
  const sum = tf.tidy(() => {
    const weight = tf.tensor(values, [...shape]).pad(wide.map((length, axis) => [0, length - shape[axis]]));
    return mergeLora({ [name]: weight }, [{ ...adapter, params: Object.fromEntries(own) }])[name];
  });
  return await sum.data<"float32">().finally(() => sum.dispose());
}

async function valuesOf(weights: WeightSource, name: string, signal?: AbortSignal): Promise<Float32Array> {
  if (signal?.aborted) throw new StoppedError(`Stopped before ${name}: the checkpoint is not whole`);
  const bytes = new Uint8Array(weights.tensors[name].bytes);
  await weights.read(name, bytes);
  return new Float32Array(bytes.buffer);
}
