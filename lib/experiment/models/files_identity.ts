import { contentHash, inputOutputError, sha256File, sha256Hex } from "../../core/mod.ts";

/** Files up to this size are read whole. */
const WHOLE = 64 * 2 ** 20;
/** Of larger ones the beginning, which holds the names and shapes of all tensors, and a window in every stretch. */
const HEAD = 2 ** 20, STRETCH = 4 * 2 ** 20, WINDOW = 2 ** 12;

/**
 * Tell files apart without reading all of large ones, as a network may have 24 GB: by their length, their first mebibyte
 * and 4 KiB of every 4 MiB, so that a change of a whole tensor of 4 MiB shows wherever it lies. Smaller files, up to
 * 64 MiB, are read whole.
 *
 * A checkpoint with an adapter in its weights differs from the one without in the middle alone: header and length agree.
 *
 * @returns The same for equal files, whatever they are called.
 * @throws {InputOutputError} If one cannot be read.
 */
export async function filesIdentity(paths: readonly string[]): Promise<string> {
  const parts: { size: number; sample: string }[] = [];
  for (const path of paths) parts.push(await identityOf(path));
  return contentHash(parts);
}

async function identityOf(path: string): Promise<{ size: number; sample: string }> {
  try {
    const { size } = await Deno.stat(path);
    return { size, sample: size <= WHOLE ? await sha256File(path) : sha256Hex(await readSample(path, size)) };
  } catch (error) {
    throw inputOutputError("read", path, error);
  }
}

async function readSample(path: string, size: number): Promise<Uint8Array> {
  const starts = Array.from({ length: Math.floor(size / STRETCH) }, (_, k) => (k + 1) * STRETCH - WINDOW);
  const sample = new Uint8Array(HEAD + starts.length * WINDOW);
  using file = await Deno.open(path);
  await fill(file, 0, sample.subarray(0, HEAD));
  for (const [k, start] of starts.entries()) {
    await fill(file, start, sample.subarray(HEAD + k * WINDOW, HEAD + (k + 1) * WINDOW));
  }
  return sample;
}

async function fill(file: Deno.FsFile, start: number, into: Uint8Array): Promise<void> {
  await file.seek(start, Deno.SeekMode.Start);
  for (let at = 0; at < into.length;) at += await file.read(into.subarray(at)) ?? into.length;
}
