import {
  DataError,
  HEADER_PREFIX,
  inputOutputError,
  parseTensorHeader,
  type TensorHeader,
  tensorHeaderLength,
} from "../core/mod.ts";

/** An open safetensors file: its header is read and checked, its data is not read yet. */
export interface SafetensorsFile extends TensorHeader, Disposable {
  /** Where it lies. */
  readonly path: string;
  /** Read the bytes of one tensor. */
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Open a safetensors file and check its header, without reading its data: files may be larger than memory.
 *
 * @param path The file.
 * @returns Names, types and shapes; close it with `using`.
 * @throws {InputOutputError} If it cannot be opened or read.
 * @throws {DataError} If its header breaks a rule of the format.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await reading(path, () => Deno.open(path, { read: true }));
  try {
    const size = (await reading(path, () => file.stat())).size;
    const length = tensorHeaderLength(await readRange(path, file, 0, Math.min(size, HEADER_PREFIX)), size, path);
    const start = HEADER_PREFIX + length;
    const json = await readRange(path, file, HEADER_PREFIX, length);
    const { entries, metadata } = parseTensorHeader(json, size - start, path);
    return {
      path,
      entries,
      metadata,
      bytes(name) {
        const entry = entries.get(name);
        if (entry === undefined) {
          throw new RangeError(`Cannot read tensor as ${path} must hold it: current value is ${name}`);
        }
        return readRange(path, file, start + entry.begin, entry.end - entry.begin);
      },
      [Symbol.dispose]: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function readRange(
  path: string,
  file: Deno.FsFile,
  begin: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await reading(path, async () => {
    await file.seek(begin, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const count = await file.read(bytes.subarray(at));
      if (count === null) {
        throw new DataError(`Cannot read ${path} as it became shorter: current value is ${begin + at} bytes`);
      }
      at += count;
    }
  });
  return bytes;
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inputOutputError("read", path, error);
  }
}
