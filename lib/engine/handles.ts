import { bytesPerItem, DataType } from "./c_api.ts";
import { int64Bytes } from "./c_text.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** A tensor as tfjs's backend knows it: number, shape and `TF_DataType`. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** Values as tfjs hands them over. */
export type Values = Float32Array | Int32Array | Uint8Array | Uint8Array[];

/** The tensors that TensorFlow holds for tfjs, by number. A number is never used twice. */
export class Handles {
  readonly #tensorflow: TensorFlow;
  readonly #pointers = new Map<number, Deno.PointerValue>();
  #last = 0;

  /** Starts with no tensors. */
  constructor(tensorflow: TensorFlow) {
    this.#tensorflow = tensorflow;
  }

  /** How many tensors exist. */
  get count(): number {
    return this.#pointers.size;
  }

  /** Returns a number for a tensor that has no handle, such as a node of a graph. */
  newId(): number {
    return ++this.#last;
  }

  /** Whether the tensor has a handle (a value), rather than being a node of a graph or deleted. */
  has(id: number): boolean {
    return this.#pointers.has(id);
  }

  /** Returns the handle of a tensor. @throws {Error} If it was disposed, or belongs to a finished trace. */
  pointer(id: number): Deno.PointerValue {
    const pointer = this.#pointers.get(id);
    if (pointer === undefined) {
      throw new Error(
        `Cannot use tensor ${id} as it must hold a value: it was disposed, or made inside a traced step and kept`,
      );
    }
    return pointer;
  }

  /** Takes ownership of a handle and returns its tensor. */
  add(pointer: Deno.PointerValue): TensorMetadata {
    const id = this.newId();
    this.#pointers.set(id, pointer);
    return { id, ...this.describe(id) };
  }

  /** Returns shape and data type of a tensor. */
  describe(id: number): Omit<TensorMetadata, "id"> {
    const { api, checked } = this.#tensorflow;
    const pointer = this.pointer(id);
    return checked((status) => {
      const shape = new Array<number>(api.TFE_TensorHandleNumDims(pointer, status));
      for (let axis = 0; axis < shape.length; axis++) {
        shape[axis] = Number(api.TFE_TensorHandleDim(pointer, axis, status));
      }
      return { shape, dtype: api.TFE_TensorHandleDataType(pointer) };
    });
  }

  /** Makes a handle for a `TF_Tensor`, which the caller still owns, and returns its number. */
  adopt(tensor: Deno.PointerValue): number {
    const { api, checked } = this.#tensorflow;
    const id = this.newId();
    this.#pointers.set(id, checked((status) => api.TFE_NewTensorHandle(tensor, status)));
    return id;
  }

  /** Frees a tensor; does nothing for one that has no handle. */
  delete(id: number): void {
    const pointer = this.#pointers.get(id);
    if (pointer === undefined) return;
    this.#tensorflow.api.TFE_DeleteTensorHandle(pointer);
    this.#pointers.delete(id);
  }

  /** Copies the values of a tensor. Blocks until they are computed. */
  read(id: number): Float32Array | Int32Array | Uint8Array {
    const { api, checked } = this.#tensorflow;
    const pointer = this.pointer(id);
    const tensor = checked((status) => api.TFE_TensorHandleResolve(pointer, status));
    try {
      const buffer = bytesOf(this.#tensorflow, tensor).slice().buffer;
      const dtype = api.TFE_TensorHandleDataType(pointer);
      if (dtype === DataType.FLOAT || dtype === DataType.COMPLEX64) return new Float32Array(buffer);
      if (dtype === DataType.INT32) return new Int32Array(buffer);
      return new Uint8Array(buffer);
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }
}

/**
 * Allocates a `TF_Tensor` and copies values into it; the caller deletes it.
 *
 * @throws {TypeError} If the values are strings, which the engine does not hold.
 * @throws {RangeError} If there are fewer values than the shape has places.
 */
export function allocateTensor(
  tensorflow: TensorFlow,
  shape: readonly number[],
  dtype: number,
  values: Values,
): Deno.PointerValue {
  if (dtype === DataType.STRING || (Array.isArray(values) && values[0] instanceof Uint8Array)) {
    throw new TypeError("Cannot create a tensor as its values must be numbers: current values are strings");
  }
  const size = shape.reduce((product, length) => product * length, 1) * bytesPerItem(dtype);
  // tfjs gives booleans as a plain array or as bytes
  const source = dtype === DataType.BOOL ? Uint8Array.from(values as Iterable<number>) : values as Float32Array;
  if (source.byteLength < size) {
    throw new RangeError(
      `Cannot create a tensor as [${shape}] takes ${size} bytes: current value is ${source.byteLength} bytes`,
    );
  }
  const tensor = tensorflow.api.TF_AllocateTensor(dtype, int64Bytes(shape), shape.length, BigInt(size));
  bytesOf(tensorflow, tensor).set(new Uint8Array(source.buffer, source.byteOffset, size));
  return tensor;
}

/** The memory of a `TF_Tensor`, without a copy. */
function bytesOf({ api }: TensorFlow, tensor: Deno.PointerValue): Uint8Array {
  const size = Number(api.TF_TensorByteSize(tensor));
  const data = api.TF_TensorData(tensor);
  if (size === 0 || data === null) return new Uint8Array(0);
  return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(data, size));
}
