import { buildTensor, tf } from "../engine/mod.ts";
import type { FileDtype, Params } from "../core/mod.ts";
import type { HeldDtype } from "./values.ts";

/** A tensor that a source can give. */
export interface SourceTensor {
  /** Lengths of its axes. */
  readonly shape: readonly number[];
  /** Its type in the file, where it comes from one. */
  readonly stored?: FileDtype;
  /** How it will be held. */
  readonly dtype: HeldDtype;
  /** Bytes of its values once they are held. */
  readonly bytes: number;
}

/** Weights that are not in the engine yet: a checkpoint on the disk, or in the host's memory. */
export interface WeightSource extends Disposable {
  /** Names it in messages. */
  readonly label: string;
  /** All tensors, by name. */
  readonly tensors: Readonly<Record<string, SourceTensor>>;
  /** Texts of the headers. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Read the held values of a tensor into memory of exactly its `bytes`. */
  read(name: string, into: Uint8Array): Promise<void>;
}

/**
 * Bring weights of a source into the engine, one tensor at a time, without a copy on the way.
 *
 * @param source Stays open.
 * @param names What to load; all by default.
 * @returns Owned by the caller. bfloat16 becomes float32 on wasm.
 * @throws {InputOutputError} If a file cannot be read.
 * @throws {DataError} If values cannot be held.
 */
export async function loadParams(
  source: WeightSource,
  names: readonly string[] = Object.keys(source.tensors),
): Promise<Params> {
  const loaded = new Map<string, tf.Tensor>();
  try {
    for (const name of names) loaded.set(name, await loadTensor(source, name));
  } catch (error) {
    tf.dispose([...loaded.values()]);
    throw error;
  }
  return Object.fromEntries(loaded);
}

async function loadTensor(source: WeightSource, name: string): Promise<tf.Tensor> {
  const { shape, dtype, bytes } = source.tensors[name];
  if (dtype === "int32" || dtype === "bool") {
    const values = new Uint8Array(bytes);
    await source.read(name, values);
    return tf.tensor(dtype === "bool" ? values : new Int32Array(values.buffer), [...shape], dtype);
  }
  const builder = buildTensor(shape, dtype);
  try {
    await source.read(name, builder.bytes);
  } catch (error) {
    builder.discard();
    throw error;
  }
  return builder.finish();
}

/**
 * Copy a source into the host's memory, so that streaming does not depend on the disk.
 *
 * @param source Read to its end; it may be closed afterwards.
 * @returns A source of the same tensors.
 */
export async function hostSource(source: WeightSource): Promise<WeightSource> {
  const held = new Map<string, Uint8Array>();
  for (const [name, { bytes }] of Object.entries(source.tensors)) {
    const values = new Uint8Array(bytes);
    await source.read(name, values);
    held.set(name, values);
  }
  return {
    label: source.label,
    tensors: source.tensors,
    metadata: source.metadata,
    read: (name, into) => Promise.resolve(into.set(held.get(name)!)),
    [Symbol.dispose]: () => held.clear(),
  };
}
