import { tf } from "../engine/mod.ts";
import { sha256Hex } from "./json.ts";
import { encodeTensors } from "./tensors_file.ts";
import type { HostTensor } from "./tensors_file.ts";

/** Parameters of a network: a flat tree from dotted names, as diffusers has them, to tensors. */
export type Params = Readonly<Record<string, tf.Tensor>>;

/**
 * Make new values under the same names.
 *
 * @param params Tensors, which stay as they are.
 * @param fn Makes each value.
 * @returns Owned by the caller.
 */
export function mapParams<T extends tf.Tensor, U>(
  params: Readonly<Record<string, T>>,
  fn: (tensor: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(params).map(([name, tensor]) => [name, fn(tensor, name)]));
}

/** Copy every tensor, so that the copy lives on its own. */
export function cloneParams(params: Params): Params {
  return mapParams(params, (tensor) => tf.clone(tensor));
}

/** Make tensors of zeros under the same names and shapes. */
export function zerosLikeParams(params: Params): Params {
  return mapParams(params, (tensor) => tf.zerosLike(tensor));
}

/** Dispose every tensor. */
export function disposeParams(params: Params): void {
  for (const tensor of Object.values(params)) tensor.dispose();
}

/** Count the values of all tensors. */
export function countParams(params: Params): number {
  return Object.values(params).reduce((count, tensor) => count + tensor.size, 0);
}

/**
 * Read parameters out of the engine.
 *
 * @param params float32 or int32 tensors.
 * @returns Their shapes and values, bit for bit.
 */
export async function downloadParams(params: Params): Promise<Record<string, HostTensor>> {
  const named = Object.entries(params).map(async ([name, tensor]): Promise<[string, HostTensor]> => {
    return [name, { shape: [...tensor.shape], data: await tensor.data<"float32" | "int32">() }];
  });
  return Object.fromEntries(await Promise.all(named));
}

/**
 * Bring parameters into the engine.
 *
 * @param host Shapes and values.
 * @returns Owned by the caller.
 */
export function uploadParams(host: Readonly<Record<string, HostTensor>>): Params {
  return Object.fromEntries(
    Object.entries(host).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
}

/**
 * Hash parameters by names, shapes and bytes.
 *
 * @returns SHA-256 in 64 hexadecimal digits; the order of the names does not matter.
 */
export async function hashParams(params: Params): Promise<string> {
  return sha256Hex(encodeTensors(await downloadParams(params)));
}

/** Tell whether both have the same names, shapes and bytes: -0 differs from 0, and NaN equals the same NaN. */
export async function paramsEqualBytes(a: Params, b: Params): Promise<boolean> {
  return await hashParams(a) === await hashParams(b);
}
