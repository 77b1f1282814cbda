import { join } from "node:path";
import { tf } from "../../engine/mod.ts";
import { DataError, type Params, readJson, writeJson } from "../../core/mod.ts";
import { type Adapter, adapts, type LinearShape, loraModules, mergeLora } from "../../nn/mod.ts";
import { openCheckpoint } from "../checkpoint.ts";
import { fluxLayout } from "../flux_layout.ts";
import { ownNames } from "../layout.ts";
import type { WeightSource } from "../source.ts";
import { fileBytes, type FloatDtype, isFloatDtype } from "../values.ts";
import { type WritableTensor, writeSharded } from "../write_sharded.ts";
import type { LoraPrefix } from "./lora_file.ts";
import { matchLora } from "./match_lora.ts";

/** The layers that a condition on the channels widens. */
const INPUTS: Readonly<Record<LoraPrefix, string>> = { transformer: "x_embedder", unet: "conv_in" };

/** What was merged. */
export interface MergedCheckpoint {
  /** Layers that the adapter changed. */
  readonly changed: number;
  /** Weights of two or more axes that it could have changed. */
  readonly layers: number;
}

/**
 * Add an adapter to the weights of a network and write them as a checkpoint of its own. One tensor at a time is in memory;
 * sums are made in float32, and every tensor keeps the type that it has.
 *
 * An adapter for a condition on the channels widens the first layer with zeros before it is added, and `in_channels` of
 * `config.json` with it.
 *
 * @param source Folder of the network in diffusers' layout, with `config.json`.
 * @param adapter To add; `sumLora` makes one of several.
 * @param prefix Which kind of network it is.
 * @param folder Where the files go.
 * @throws {DataError} If the adapter has layers that the network has not: the error lists them.
 * @throws {InputOutputError} If a file cannot be read or written.
 */
export async function mergeCheckpoint(
  source: string,
  adapter: Adapter,
  prefix: LoraPrefix,
  folder: string,
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
  matchLora(adapter, { prefix, targets }, `for ${source}`);
  const tensors = Object.keys(weights.tensors).map((name): WritableTensor => {
    const module = name.replace(/\.weight$/, ""), { stored, shape } = weights.tensors[name];
    if (!isFloatDtype(stored)) {
      throw new DataError(
        `Cannot merge into ${source} as ${name} must be F32, F16 or BF16: current value is ${stored}`,
      );
    }
    if (module === name || !adapts(adapter, module)) {
      return { name, shape, dtype: stored, bytes: () => copied(weights, name, stored) };
    }
    const { in: width, kernel = [] } = targets[module];
    const wide = [shape[0], kernel.reduce((rest, length) => rest / length, width), ...kernel];
    return { name, shape: wide, dtype: stored, bytes: () => merged(weights, name, stored, adapter, wide) };
  });
  await writeSharded(folder, tensors);
  const widened = tensors.find(({ name }) => name === `${input}.weight`)?.shape[1] ?? config.in_channels;
  const { in_channels: before, out_channels: out } = config;
  await writeJson(join(folder, "config.json"), {
    ...config,
    ...widened !== before && { in_channels: widened, out_channels: out ?? before },
  });
  return { changed: loraModules(adapter).length, layers: modules.length };
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

async function* copied(weights: WeightSource, name: string, dtype: FloatDtype): AsyncGenerator<Uint8Array> {
  yield fileBytes(await valuesOf(weights, name), dtype);
}

async function* merged(
  weights: WeightSource,
  name: string,
  dtype: FloatDtype,
  adapter: Adapter,
  shape: readonly number[],
): AsyncGenerator<Uint8Array> {
  const module = name.slice(0, -".weight".length), held = await valuesOf(weights, name);
  const own: Params = Object.fromEntries(
    ["A", "B"].map((letter) => `${module}.lora_${letter}.weight`).map((name) => [name, adapter.params[name]]),
  );
  const sum = tf.tidy(() => {
    const weight = tf.tensor(held, [...weights.tensors[name].shape]);
    const wide = weight.pad(shape.map((length, axis): [number, number] => [0, length - weight.shape[axis]]));
    return mergeLora({ [name]: wide }, [{ ...adapter, params: own }])[name];
  });
  yield fileBytes(await sum.data<"float32">().finally(() => sum.dispose()), dtype);
}

async function valuesOf(weights: WeightSource, name: string): Promise<Float32Array> {
  const bytes = new Uint8Array(weights.tensors[name].bytes);
  await weights.read(name, bytes);
  return new Float32Array(bytes.buffer);
}
