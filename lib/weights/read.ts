import type { Params } from "../core/mod.ts";
import { type CheckpointOptions, openCheckpoint } from "./checkpoint.ts";
import { loadParams } from "./source.ts";

/** Tensors of a checkpoint and the texts in its headers. */
export interface Checkpoint {
  /** float32, bfloat16, int32 or bool tensors that belong to the caller. */
  readonly tensors: Params;
  /** Of all files. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Read a checkpoint in the safetensors format, one tensor at a time.
 *
 * @param path A file, the index of a sharded checkpoint, or a folder that holds one of them.
 * @param options Precision (`float32` by default: F16 and BF16 are widened without loss), layout and a choice of names.
 * @returns Tensors by name, and the metadata of all files.
 * @throws {InputOutputError} If a file is missing or cannot be read.
 * @throws {DataError} If a header breaks a rule of the format, files and index disagree, or a type cannot be read.
 */
export async function readSafetensors(path: string, options: CheckpointOptions = {}): Promise<Checkpoint> {
  using source = await openCheckpoint(path, options);
  return { tensors: await loadParams(source), metadata: source.metadata };
}
