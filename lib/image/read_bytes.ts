import { DataError, inputOutputError, readBytes } from "../core/mod.ts";

/** More than 64 million pixels of 16 bits and four channels take without compression. */
const MAX_BYTES = 2 ** 30;

/**
 * Read the bytes of an image file, after a look at what it is: a pipe would never end, and a huge file fill the memory.
 *
 * @param path File, or a link to one.
 * @returns Its content.
 * @throws {DataError} If it is not a file, or has more than 1 GiB.
 * @throws {InputOutputError} If it is missing or cannot be read.
 */
export async function readImageBytes(path: string): Promise<Uint8Array> {
  const { isFile, isDirectory, size } = await Deno.stat(path).catch((error) => {
    throw inputOutputError("read", path, error);
  });
  if (!isFile) {
    const found = isDirectory ? "a folder" : "a pipe or device";
    throw new DataError(`Cannot read ${path} as an image must be a file: current value is ${found}`);
  }
  if (size > MAX_BYTES) {
    throw new DataError(`Cannot read ${path} as it must have at most ${MAX_BYTES} bytes: current value is ${size}`);
  }
  return await readBytes(path);
}
