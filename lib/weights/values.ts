import { bfloat16Bits, bfloat16Values } from "../engine/mod.ts";
import { DataError, type FileDtype } from "../core/mod.ts";

/** How values are held in the engine. */
export type HeldDtype = "float32" | "bfloat16" | "int32" | "bool";

/** What to do with the floating-point values of a file. */
export type Precision = "float32" | "stored" | "bfloat16";

/**
 * Tell how a tensor of a file is held.
 *
 * `float32` widens F16 and BF16 exactly. `stored` keeps BF16 as bfloat16 and widens F16. `bfloat16` rounds all to bfloat16.
 * Tensors of fewer than two axes (biases, norms) are float32 in any case; I64 and U8 become int32.
 *
 * @param dtype Type in the file.
 * @param rank Number of axes.
 * @param precision What was asked for.
 * @param label Names the tensor in errors.
 * @throws {DataError} If the type cannot be read.
 */
export function heldDtype(dtype: FileDtype, rank: number, precision: Precision, label: string): HeldDtype {
  switch (dtype) {
    case "F32":
    case "F16":
    case "BF16": {
      const narrow = precision === "bfloat16" || (precision === "stored" && dtype === "BF16");
      return narrow && rank >= 2 ? "bfloat16" : "float32";
    }
    case "I32":
    case "I64":
    case "U8":
      return "int32";
    case "BOOL":
      return "bool";
    default:
      throw new DataError(
        `Cannot read ${label} as its type must be F32, F16, BF16, I32, I64, U8 or BOOL: current value is ${dtype}`,
      );
  }
}

/** Bytes of one value by how it is held. */
export const HELD_BYTES: Readonly<Record<HeldDtype, number>> = { float32: 4, bfloat16: 2, int32: 4, bool: 1 };

/**
 * Convert little-endian values of a file to those that are held.
 *
 * @param dtype Type in the file.
 * @param held From {@linkcode heldDtype}.
 * @param bytes Of whole values; they begin at a multiple of 8 bytes of their buffer.
 * @param label Names the tensor in errors.
 * @returns Bytes of the held values, maybe `bytes` itself.
 * @throws {DataError} If an I64 does not fit into 32 bits.
 */
export function convertValues(dtype: FileDtype, held: HeldDtype, bytes: Uint8Array, label: string): Uint8Array {
  if (isHeldAsStored(dtype, held)) return bytes;
  const view = <T>(Values: new (buffer: ArrayBufferLike, offset: number, length: number) => T, size: number) =>
    new Values(bytes.buffer, bytes.byteOffset, bytes.length / size);
  switch (dtype) {
    case "BF16":
      return asBytes(bfloat16Values(view(Uint16Array, 2)));
    case "F16": {
      const wide = widenHalves(view(Uint16Array, 2));
      return asBytes(held === "bfloat16" ? bfloat16Bits(wide) : wide);
    }
    case "I64":
      return asBytes(narrow(view(BigInt64Array, 8), label));
    case "U8":
      return asBytes(Int32Array.from(bytes));
    default: // F32, held as bfloat16
      return asBytes(bfloat16Bits(view(Float32Array, 4)));
  }
}

/** Tell whether the bytes of the file are those of the held values. */
export function isHeldAsStored(dtype: FileDtype, held: HeldDtype): boolean {
  const kinds: Partial<Record<FileDtype, HeldDtype>> = { F32: "float32", BF16: "bfloat16", I32: "int32", BOOL: "bool" };
  return kinds[dtype] === held;
}

/** Types of floating-point values in files. */
export type FloatDtype = "F32" | "F16" | "BF16";

/** Tell whether a type of a file is a floating-point one that can be read. */
export function isFloatDtype(dtype: FileDtype | undefined): dtype is FloatDtype {
  return dtype === "F32" || dtype === "F16" || dtype === "BF16";
}

/**
 * Convert values to those of a file, rounded to nearest.
 *
 * @param values To write.
 * @param dtype Type in the file.
 * @returns Their bytes, little-endian; maybe those of `values`.
 */
export function fileBytes(values: Float32Array, dtype: FloatDtype): Uint8Array {
  if (dtype === "F32") return asBytes(values);
  return asBytes(dtype === "BF16" ? bfloat16Bits(values) : new Float16Array(values));
}

function asBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
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
