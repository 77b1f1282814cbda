import { createHash } from "node:crypto";
import { inputOutputError } from "./files.ts";

/**
 * Hash a file without holding it in memory.
 *
 * @param path The file.
 * @returns SHA-256 in hexadecimal digits.
 * @throws {InputOutputError} If it is missing or cannot be read.
 */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    using file = await Deno.open(path);
    for await (const chunk of file.readable) hash.update(chunk);
  } catch (error) {
    throw inputOutputError("read", path, error);
  }
  return hash.digest("hex");
}
