import { disposeParams, type Params } from "../../core/mod.ts";
import { matchParams, readSafetensors } from "../../weights/mod.ts";
import type { Shapes } from "./layout.ts";

/** What a file of weights must hold. */
export interface WeightsLayout {
  /** Shape of every parameter that is used, by our name. */
  readonly shapes: Shapes;
  /** Names in the file that the metric does not use; they are not read. */
  readonly unused?: RegExp;
  /** Our name of a tensor of the file. */
  readonly rename?: (name: string) => string;
}

/**
 * Read the weights of a network and check that they are exactly those.
 *
 * @param path A safetensors file.
 * @returns Owned by the caller.
 * @throws {DataError} If names are missing or unmatched or shapes differ; it lists them.
 * @throws {InputOutputError} If the file cannot be read.
 */
export async function readWeights(path: string, layout: WeightsLayout): Promise<Params> {
  const { shapes, unused, rename = (name) => name } = layout;
  const { tensors } = await readSafetensors(path, { include: (name) => !unused?.test(name) });
  const params = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), tensor]));
  try {
    matchParams(params, shapes, path);
  } catch (error) {
    disposeParams(params);
    throw error;
  }
  return params;
}
