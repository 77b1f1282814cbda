import { DataError, type FileDtype } from "../core/mod.ts";

/** Values as the engine takes them. */
export type EngineValues =
  | { readonly dtype: "float32"; readonly data: Float32Array }
  | { readonly dtype: "int32"; readonly data: Int32Array }
  | { readonly dtype: "bool"; readonly data: Uint8Array };

/**
 * Decode the little-endian bytes of one tensor: F16 and BF16 exactly to float32; I64 and U8 to int32.
 *
 * @param dtype Type in the file.
 * @param bytes Of the values alone; their buffer may become the result's.
 * @param label Names the tensor in errors.
 * @returns float32, int32 or bool values.
 * @throws {DataError} If the type is another one, or an I64 does not fit into 32 bits.
 */
export function decodeValues(dtype: FileDtype, bytes: Uint8Array, label: string): EngineValues {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = <T>(Values: new (buffer: ArrayBufferLike, offset: number, length: number) => T, size: number) =>
    new Values(aligned.buffer, aligned.byteOffset, aligned.length / size);
  switch (dtype) {
    case "F32":
      return { dtype: "float32", data: view(Float32Array, 4) };
    case "BF16":
      return { dtype: "float32", data: widenBrainFloats(view(Uint16Array, 2)) };
    case "F16":
      return { dtype: "float32", data: widenHalves(view(Uint16Array, 2)) };
    case "I32":
      return { dtype: "int32", data: view(Int32Array, 4) };
    case "I64":
      return { dtype: "int32", data: narrow(view(BigInt64Array, 8), label) };
    case "U8":
      return { dtype: "int32", data: Int32Array.from(bytes) };
    case "BOOL":
      return { dtype: "bool", data: bytes };
    default:
      throw new DataError(
        `Cannot read ${label} as its type must be F32, F16, BF16, I32, I64, U8 or BOOL: current value is ${dtype}`,
      );
  }
}

/** bfloat16 is the upper half of float32. */
function widenBrainFloats(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i] << 16;
  return new Float32Array(wide.buffer);
}

function widenHalves(bits: Uint16Array): Float32Array {
  const table = halfTable();
  const wide = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = table[bits[i]];
  return wide;
}

let halves: Float32Array | undefined;

/** Every one of the 65,536 values of IEEE 754 binary16. */
function halfTable(): Float32Array {
  return halves ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1, exponent = bits >> 10 & 0x1F, fraction = bits & 0x3FF;
    if (exponent === 0x1F) return fraction === 0 ? sign * Infinity : NaN;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

function narrow(values: BigInt64Array, label: string): Int32Array {
  const narrowed = new Int32Array(values.length);
  values.forEach((value, i) => {
    narrowed[i] = Number(value);
    if (BigInt(narrowed[i]) !== value) {
      throw new DataError(`Cannot read ${label} as its values must fit into 32 bits: current value is ${value}`);
    }
  });
  return narrowed;
}
