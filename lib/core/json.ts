import { createHash } from "node:crypto";
import { DataError } from "./errors.ts";
import { readBytes, writeAtomic } from "./files.ts";

/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * Read a JSON file.
 *
 * @param path The file.
 * @returns Its value, to be checked by a schema.
 * @throws {InputOutputError} If it cannot be read.
 * @throws {DataError} If it is not JSON.
 */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(`Cannot read ${path} as it must be JSON: current value is ${excerpt(text)}`, { cause: error });
  }
}

/**
 * Write a value as indented JSON with sorted keys, atomically: equal values give equal bytes.
 *
 * @param path The file.
 * @param value Plain records, arrays, strings, booleans, null and finite numbers.
 * @throws {InputOutputError} If it cannot be written.
 * @throws {TypeError} If the value holds something that JSON has not, such as NaN.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeAtomic(path, JSON.stringify(sorted(value, "value"), null, 2) + "\n");
}

/**
 * Write a value as {@link writeJson} does, with every list of plain values on one line: many numbers in a small file
 * whose differences can be read.
 *
 * @param path The file.
 * @param value Plain records, arrays, strings, booleans, null and finite numbers.
 * @throws {InputOutputError} If it cannot be written.
 * @throws {TypeError} If the value holds something that JSON has not, such as NaN.
 */
export async function writeCompactJson(path: string, value: unknown): Promise<void> {
  await writeAtomic(path, indented(sorted(value, "value"), "") + "\n");
}

/**
 * Write a value as JSON without spaces, keys sorted by their UTF-16 units (RFC 8785).
 *
 * @param value Plain records, arrays, strings, booleans, null and finite numbers; keys with `undefined` are left out.
 * @returns One line.
 * @throws {TypeError} If the value holds something that JSON has not, such as NaN.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value, "value"));
}

/**
 * Hash a value by its content: the SHA-256 of its canonical JSON, whatever the order of its keys.
 *
 * @param value As in `canonicalJson`.
 * @returns 64 hexadecimal digits.
 * @throws {TypeError} If the value holds something that JSON has not, such as NaN.
 */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value));
}

/**
 * Hash bytes with SHA-256.
 *
 * @param content Bytes, or text hashed as UTF-8.
 * @returns 64 hexadecimal digits.
 */
export function sha256Hex(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

function sorted(value: unknown, where: string): JsonValue {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, i) => sorted(item, `${where}[${i}]`));
  if (typeof value === "object" && isPlain(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => a < b ? -1 : 1);
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, `${where}.${key}`)]));
  }
  throw new TypeError(`Cannot write ${where} as JSON has no such value: current value is ${String(value)}`);
}

function indented(value: JsonValue, margin: string): string {
  const isList = Array.isArray(value);
  if (
    typeof value !== "object" || value === null ||
    (isList && value.every((item) => typeof item !== "object" || item === null))
  ) {
    return JSON.stringify(value);
  }
  const inner = `${margin} `;
  const items = isList
    ? value.map((item) => indented(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${indented(item, inner)}`);
  const [open, close] = isList ? "[]" : "{}";
  return items.length === 0 ? open + close : `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function excerpt(text: string): string {
  const line = JSON.stringify(text.slice(0, 40));
  return text.length > 40 ? `${line}...` : line;
}
