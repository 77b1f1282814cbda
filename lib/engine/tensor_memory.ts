import { bytesPerItem, DataType } from "./c_api.ts";
import { int64Bytes } from "./c_text.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** Values as tfjs hands them over. */
export type Values = Float32Array | Int32Array | Uint8Array | Uint8Array[];

/**
 * Allocates a `TF_Tensor` and copies values into it, if there are any; the caller deletes it.
 *
 * @throws {TypeError} If the values are strings, which the engine does not hold.
 * @throws {RangeError} If there are fewer values than the shape has places.
 */
export function allocateTensor(
  tensorflow: TensorFlow,
  shape: readonly number[],
  dtype: number,
  values?: Values,
): Deno.PointerValue {
  if (dtype === DataType.STRING || (Array.isArray(values) && values[0] instanceof Uint8Array)) {
    throw new TypeError("Cannot create a tensor as its values must be numbers: current values are strings");
  }
  const size = shape.reduce((product, length) => product * length, 1) * bytesPerItem(dtype);
  const allocate = () => tensorflow.api.TF_AllocateTensor(dtype, int64Bytes(shape), shape.length, BigInt(size));
  if (values === undefined) return allocate();
  // tfjs gives booleans as a plain array or as bytes
  const source = dtype === DataType.BOOL ? Uint8Array.from(values as Iterable<number>) : values as Float32Array;
  if (source.byteLength < size) {
    throw new RangeError(
      `Cannot create a tensor as [${shape}] takes ${size} bytes: current value is ${source.byteLength} bytes`,
    );
  }
  const tensor = allocate();
  tensorBytes(tensorflow, tensor).set(new Uint8Array(source.buffer, source.byteOffset, size));
  return tensor;
}

/** Returns the memory of a `TF_Tensor`, not a copy of it. */
export function tensorBytes({ api }: TensorFlow, tensor: Deno.PointerValue): Uint8Array {
  const size = Number(api.TF_TensorByteSize(tensor));
  const data = api.TF_TensorData(tensor);
  if (size === 0 || data === null) return new Uint8Array(0);
  return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(data, size));
}
