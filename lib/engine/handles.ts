import { bfloat16Values } from "./bfloat16_values.ts";
import { DataType } from "./c_api.ts";
import { allocateTensor, tensorBytes, type Values } from "./tensor_memory.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** A tensor as tfjs's backend knows it: number, shape and `TF_DataType`. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

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

  /**
   * Returns the handle of a tensor.
   *
   * @throws {Error} If it was disposed, or belongs to a finished trace.
   */
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

  /** Copies values into a new tensor and returns its number. */
  create(shape: readonly number[], dtype: number, values: Values): number {
    const tensor = allocateTensor(this.#tensorflow, shape, dtype, values);
    try {
      return this.adopt(tensor);
    } finally {
      this.#tensorflow.api.TF_DeleteTensor(tensor);
    }
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
      const buffer = tensorBytes(this.#tensorflow, tensor).slice().buffer;
      const dtype = api.TFE_TensorHandleDataType(pointer);
      if (dtype === DataType.FLOAT || dtype === DataType.COMPLEX64) return new Float32Array(buffer);
      if (dtype === DataType.INT32) return new Int32Array(buffer);
      if (dtype === DataType.BFLOAT16) return bfloat16Values(new Uint16Array(buffer));
      return new Uint8Array(buffer);
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }
}
