import { DataError } from "./errors.ts";
import {
  encodeTensorHeader,
  type FileDtype,
  HEADER_PREFIX,
  parseTensorHeader,
  tensorHeaderLength,
} from "./tensor_header.ts";

/** A tensor outside the engine: float32, int32 or bfloat16 values in row-major order. */
export interface HostTensor {
  /** Lengths of its axes. */
  readonly shape: readonly number[];
  /** As many values as the shape says; those of bfloat16 as their bits. */
  readonly data: Float32Array | Int32Array | Uint16Array;
}

/**
 * Encode tensors in the safetensors format. Equal tensors and metadata give equal bytes: names are sorted.
 *
 * @param tensors By name; `data` has as many values as `shape` says.
 * @param metadata Names and texts, kept in the header.
 * @returns The content of a file.
 * @throws {RangeError} If data and shape do not fit, or a name is empty or reserved.
 */
export function encodeTensors(
  tensors: Readonly<Record<string, HostTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const named = Object.keys(tensors).sort().map((name) => ({ name, ...tensors[name] }));
  for (const { name, shape, data } of named) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (size !== data.length) {
      throw new RangeError(`Cannot write ${name} as [${shape}] holds ${size} values: current value is ${data.length}`);
    }
  }
  const header = encodeTensorHeader(
    named.map(({ name, shape, data }) => ({ name, shape, dtype: fileDtype(data) })),
    metadata,
  );
  const bytes = new Uint8Array(named.reduce((length, { data }) => length + data.byteLength, header.length));
  bytes.set(header);
  let at = header.length;
  for (const { data } of named) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Decode the float32, int32 and bfloat16 tensors of a file in the safetensors format.
 *
 * @param bytes The content of the file.
 * @param label Names the file in errors.
 * @returns Tensors by name, copied out of `bytes`, and the metadata.
 * @throws {DataError} If the header breaks a rule of the format or a tensor has another type.
 */
export function decodeTensors(
  bytes: Uint8Array,
  label = "the tensors",
): { tensors: Record<string, HostTensor>; metadata: Readonly<Record<string, string>> } {
  const dataStart = HEADER_PREFIX + tensorHeaderLength(bytes, bytes.length, label);
  const { entries, metadata } = parseTensorHeader(
    bytes.subarray(HEADER_PREFIX, dataStart),
    bytes.length - dataStart,
    label,
  );
  const tensors = Array.from(entries, ([name, { dtype, shape, begin, end }]): [string, HostTensor] => {
    const { buffer } = bytes.slice(dataStart + begin, dataStart + end); // a copy, so aligned
    if (dtype === "F32") return [name, { shape, data: new Float32Array(buffer) }];
    if (dtype === "I32") return [name, { shape, data: new Int32Array(buffer) }];
    if (dtype === "BF16") return [name, { shape, data: new Uint16Array(buffer) }];
    throw new DataError(`Cannot read ${label} as tensor ${name} must be F32, I32 or BF16: current value is ${dtype}`);
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

function fileDtype(data: HostTensor["data"]): FileDtype {
  if (data instanceof Float32Array) return "F32";
  return data instanceof Int32Array ? "I32" : "BF16";
}
