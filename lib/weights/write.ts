import { encodeParams, type Params, writeAtomic } from "../core/mod.ts";

/**
 * Write tensors as one safetensors file, atomically. Equal tensors and metadata give equal bytes.
 *
 * @param path The file.
 * @param params float32, int32 or bfloat16 tensors.
 * @param metadata Names and texts, kept in the header.
 * @throws {InputOutputError} If it cannot be written; a file that was there before is then still whole.
 */
export async function writeSafetensors(
  path: string,
  params: Params,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeAtomic(path, encodeParams(params, metadata));
}
