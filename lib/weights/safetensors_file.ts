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
  /**
   * Read bytes of one tensor, as many as `into` takes.
   *
   * @param name Of the tensor.
   * @param into Where they go; it may be the engine's own memory.
   * @param offset First byte, counted from the tensor's own first; 0 by default.
   */
  read(name: string, into: Uint8Array, offset?: number): Promise<void>;
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
    const prefix = new Uint8Array(Math.min(size, HEADER_PREFIX));
    await readRange(path, file, 0, prefix);
    const length = tensorHeaderLength(prefix, size, path), start = HEADER_PREFIX + length;
    const json = new Uint8Array(length);
    await readRange(path, file, HEADER_PREFIX, json);
    const { entries, metadata } = parseTensorHeader(json, size - start, path);
    let last: Promise<unknown> = Promise.resolve(); // reads share the position in the file, so they take turns
    return {
      path,
      entries,
      metadata,
      read(name, into, offset = 0) {
        const entry = entries.get(name);
        if (entry === undefined) {
          throw new RangeError(`Cannot read tensor as ${path} must hold it: current value is ${name}`);
        }
        const next = last.then(() => readRange(path, file, start + entry.begin + offset, into));
        last = next.catch(() => {});
        return next;
      },
      [Symbol.dispose]: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function readRange(path: string, file: Deno.FsFile, begin: number, into: Uint8Array): Promise<void> {
  await reading(path, async () => {
    await file.seek(begin, Deno.SeekMode.Start);
    for (let at = 0; at < into.length;) {
      const count = await file.read(into.subarray(at));
      if (count === null) {
        throw new DataError(`Cannot read ${path} as it became shorter: current value is ${begin + at} bytes`);
      }
      at += count;
    }
  });
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inputOutputError("read", path, error);
  }
}
