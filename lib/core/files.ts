import { basename, dirname, join } from "node:path";
import { InputOutputError } from "./errors.ts";

/**
 * Write a file so that a crash at any moment leaves either the old content or the new one: to a temporary file in the
 * same folder, flushed to the disk, then renamed, then the folder flushed. The folder is created where it is missing.
 *
 * @param path The file.
 * @param content Bytes, also in pieces, or text written as UTF-8.
 * @throws {InputOutputError} If the file cannot be written or the disk is full; the old content is then still there.
 */
export async function writeAtomic(
  path: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${crypto.randomUUID()}.tmp`);
  try {
    await Deno.mkdir(folder, { recursive: true });
    try {
      await writeFlushed(temporary, typeof content === "string" ? new TextEncoder().encode(content) : content);
      await Deno.rename(temporary, path);
    } catch (error) {
      await Deno.remove(temporary).catch(() => {}); // it may not exist; the first error is the one to tell
      throw error;
    }
    await flushFolder(folder);
  } catch (error) {
    throw inputOutputError("write", path, error);
  }
}

/**
 * Read a file.
 *
 * @param path The file.
 * @returns Its bytes.
 * @throws {InputOutputError} If it is missing or cannot be read.
 */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw inputOutputError("read", path, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk must have space left",
  EDQUOT: "the disk quota must have space left",
  EACCES: "the user must be allowed to",
  EPERM: "the user must be allowed to",
  EROFS: "the file system must not be read-only",
  ENOENT: "the path must exist",
  ENOTDIR: "every part but the last must be a folder",
  EISDIR: "it must be a file, not a folder",
  EEXIST: "it must be a folder, not a file",
};

/**
 * Put an error of the operating system into one line. An error that does not come from there is returned as it is.
 *
 * @param verb What failed, such as "read".
 * @param path The file or folder.
 * @param error What was thrown.
 * @returns An `InputOutputError`, or `error`.
 */
export function inputOutputError(verb: string, path: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = (error as Error & { code?: unknown }).code;
  const denied = error instanceof Deno.errors.NotCapable;
  if (typeof code !== "string" && !denied) return error;
  const rule = denied ? "Deno must be allowed to (--allow-read, --allow-write)" : REASONS[code as string];
  const value = denied ? "not allowed" : code === "ENOENT" ? "no such file or folder" : code;
  const message = `Cannot ${verb} ${path} as ${rule ?? "the operating system refuses"}: current value is ${value}`;
  return new InputOutputError(message, { cause: error });
}

async function writeFlushed(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for await (const bytes of content instanceof Uint8Array ? [content] : content) {
    for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}

async function flushFolder(folder: string): Promise<void> {
  if (Deno.build.os === "windows") return; // it cannot open a folder as a file
  using file = await Deno.open(folder);
  await file.sync();
}
