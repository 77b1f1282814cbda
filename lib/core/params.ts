import { createHash } from "node:crypto";
import { bfloat16Tensor, isBfloat16, readBfloat16, tf } from "../engine/mod.ts";
import { encodeTensorHeader, type FileDtype } from "./tensor_header.ts";
import type { HostTensor } from "./tensors_file.ts";

/**
 * Parameters of a network: a flat tree from dotted names, as diffusers has them, to tensors. Frozen weights may be held as
 * bfloat16.
 */
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
 * @param params float32, int32 or bfloat16 tensors.
 * @returns Their shapes and values, bit for bit.
 */
export async function downloadParams(params: Params): Promise<Record<string, HostTensor>> {
  const named = Object.entries(params).map(async ([name, tensor]): Promise<[string, HostTensor]> => {
    return [name, { shape: [...tensor.shape], data: await valuesOf(tensor) }];
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
    Object.entries(host).map(([name, { shape, data }]) => [
      name,
      data instanceof Uint16Array ? bfloat16Tensor(data, shape) : tf.tensor(data, [...shape]),
    ]),
  );
}

/**
 * Encode parameters in the safetensors format, one tensor at a time: all of them may be more than memory holds twice.
 *
 * @param params float32, int32 or bfloat16 tensors; names are sorted, so that equal ones give equal bytes.
 * @param metadata Names and texts, kept in the header.
 * @returns The header, then the values of each tensor.
 * @throws {RangeError} If a name is empty or reserved.
 * @throws {TypeError} If a tensor has another type.
 */
export async function* encodeParams(
  params: Params,
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  const names = Object.keys(params).sort();
  yield encodeTensorHeader(
    names.map((name) => ({ name, shape: params[name].shape, dtype: fileDtypeOf(name, params[name]) })),
    metadata,
  );
  for (const name of names) {
    const { buffer, byteOffset, byteLength } = await valuesOf(params[name]);
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

/**
 * Hash parameters by names, shapes, types and bytes.
 *
 * @returns SHA-256 in 64 hexadecimal digits; the order of the names does not matter.
 */
export async function hashParams(params: Params): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of encodeParams(params)) hash.update(bytes);
  return hash.digest("hex");
}

/** Tell whether both have the same names, shapes and bytes: -0 differs from 0, and NaN equals the same NaN. */
export async function paramsEqualBytes(a: Params, b: Params): Promise<boolean> {
  return await hashParams(a) === await hashParams(b);
}

async function valuesOf(tensor: tf.Tensor): Promise<HostTensor["data"]> {
  return isBfloat16(tensor) ? readBfloat16(tensor) : await tensor.data<"float32" | "int32">();
}

function fileDtypeOf(name: string, tensor: tf.Tensor): FileDtype {
  if (isBfloat16(tensor)) return "BF16";
  if (tensor.dtype === "float32") return "F32";
  if (tensor.dtype === "int32") return "I32";
  throw new TypeError(`Cannot write ${name} as its type must be float32 or int32: current value is ${tensor.dtype}`);
}
