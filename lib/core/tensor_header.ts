import { DataError } from "./errors.ts";
import { duplicateKey } from "./json_keys.ts";

/** Bytes of one value, by the name that the safetensors format gives to its type. */
export const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

/** A type of values in a safetensors file. */
export type FileDtype = keyof typeof DTYPE_BYTES;

/** Where one tensor lies in a file. */
export interface TensorEntry {
  /** Of its values. */
  readonly dtype: FileDtype;
  /** Lengths of its axes, slowest first. */
  readonly shape: readonly number[];
  /** First byte, counted from the end of the header. */
  readonly begin: number;
  /** The byte after the last. */
  readonly end: number;
}

/** What the header of a safetensors file says. */
export interface TensorHeader {
  /** By name, in the order of the bytes. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Names and texts. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes before the header's JSON: its length. */
export const HEADER_PREFIX = 8;

const MAX_HEADER = 100_000_000; // the limit of the format's own library
const METADATA = "__metadata__";

/**
 * Read the length of a safetensors header, and check it before anything is allocated for it.
 *
 * @param prefix The first 8 bytes of the file, or more.
 * @param fileSize Of the whole file, in bytes.
 * @param label Names the file in errors.
 * @returns Bytes of JSON that follow the prefix.
 * @throws {DataError} If the file is too short or the length cannot be true.
 */
export function tensorHeaderLength(prefix: Uint8Array, fileSize: number, label: string): number {
  if (prefix.length < HEADER_PREFIX || fileSize < HEADER_PREFIX) {
    fail(label, "a safetensors file begins with 8 bytes", `${fileSize} bytes`);
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER) {
    fail(label, `a safetensors file says first how long its header is, at most ${MAX_HEADER} bytes`, length);
  }
  if (length > fileSize - HEADER_PREFIX) {
    fail(label, `its header must end within its ${fileSize} bytes`, `${length} bytes of header`);
  }
  return Number(length);
}

/**
 * Read a safetensors header strictly: known types, shapes that fit their spans, spans that cover the data without gap or
 * overlap, no name twice.
 *
 * @param json The bytes of the header, without the 8 before it.
 * @param dataLength Bytes that follow the header.
 * @param label Names the file in errors.
 * @returns Entries in the order of their bytes, and the metadata.
 * @throws {DataError} If any rule is broken.
 */
export function parseTensorHeader(json: Uint8Array, dataLength: number, label: string): TensorHeader {
  const header = parseObject(json, label);
  const metadata = header[METADATA] ?? {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    fail(label, "its metadata must map names to texts", JSON.stringify(metadata));
  }
  const names = Object.keys(header).filter((name) => name !== METADATA);
  const entries = names.map((name) => [name, checkEntry(name, header[name], label)] as const);
  entries.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const [name, { begin, end }] of entries) {
    if (begin !== covered) fail(label, `tensor ${name} must begin at byte ${covered} of the data`, begin);
    covered = end;
  }
  if (covered > dataLength) {
    fail(label, `its tensors must cover its ${dataLength} bytes of data; the file was cut, fetch it again`, covered);
  }
  if (covered < dataLength) fail(label, `its tensors must cover its ${dataLength} bytes of data`, covered);
  return { entries: new Map(entries), metadata: metadata as Record<string, string> };
}

/**
 * Write a safetensors header, padded so that the data begins at a multiple of 8 bytes.
 *
 * @param tensors Names, types and shapes in the order of their data, each directly after the one before.
 * @param metadata Names and texts.
 * @returns The first bytes of the file, up to the data.
 * @throws {RangeError} If a name is empty, `__metadata__` or given twice.
 */
export function encodeTensorHeader(
  tensors: Iterable<{ name: string; dtype: FileDtype; shape: readonly number[] }>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const fields: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  const names = new Set(["", METADATA]);
  let begin = 0;
  for (const { name, dtype, shape } of tensors) {
    if (names.has(name)) {
      throw new RangeError(
        `Cannot write a tensor as its name must be new and not reserved: current value is "${name}"`,
      );
    }
    names.add(name);
    const end = begin + byteLength(dtype, shape);
    fields.push([name, { dtype, shape, data_offsets: [begin, end] }]);
    begin = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(HEADER_PREFIX + length).fill(0x20, HEADER_PREFIX);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, HEADER_PREFIX);
  return bytes;
}

function parseObject(json: Uint8Array, label: string): Record<string, unknown> {
  let header: unknown, text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
    header = JSON.parse(text);
  } catch (error) {
    throw new DataError(`Cannot read ${label} as its header must be JSON in UTF-8: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (!isRecord(header)) fail(label, "its header must be a JSON object", JSON.stringify(header).slice(0, 40));
  const twice = duplicateKey(text);
  if (twice !== null) fail(label, "no name may occur twice in its header", JSON.stringify(twice));
  return header;
}

function checkEntry(name: string, value: unknown, label: string): TensorEntry {
  const entry = isRecord(value) ? value : {};
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    fail(label, `tensor ${name} must have one of the types ${Object.keys(DTYPE_BYTES).join(", ")}`, String(dtype));
  }
  if (!isCounts(shape)) fail(label, `tensor ${name} must have a shape of whole numbers`, JSON.stringify(shape));
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    fail(label, `tensor ${name} must have a first and a last offset`, JSON.stringify(offsets));
  }
  const [begin, end] = offsets;
  const bytes = byteLength(dtype as FileDtype, shape);
  if (bytes !== end - begin) {
    fail(label, `tensor ${name} (${dtype} [${shape}]) must span ${bytes} bytes`, `${end - begin} bytes`);
  }
  return { dtype: dtype as FileDtype, shape, begin, end };
}

function byteLength(dtype: FileDtype, shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, DTYPE_BYTES[dtype]);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fail(label: string, rule: string, value: unknown): never {
  throw new DataError(`Cannot read ${label} as ${rule}: current value is ${value}`);
}
