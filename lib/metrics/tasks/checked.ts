import type { z } from "zod";
import { DataError } from "../../core/mod.ts";

/**
 * Check what a file holds.
 *
 * @param path What messages call the file.
 * @throws {DataError} If it does not fit; the message names the first place that does not.
 */
export function checked<T>(schema: z.ZodType<T, unknown>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [{ path: place, message }] = result.error.issues;
  throw new DataError(`Cannot read ${path} as ${place.join(".") || "it"} does not fit: ${message}`);
}
