import * as tf from "./tf.ts";
import { bfloat16Values } from "./bfloat16_values.ts";
import { DataType } from "./c_api.ts";
import { nativeBackend } from "./current.ts";
import type { NativeBackend } from "./native_backend.ts";
import { allocateTensor, tensorBytes } from "./tensor_memory.ts";

/** A tensor in the making. Either `finish` or `discard` must be called, once, when nothing writes to `bytes` any more. */
export interface TensorBuilder {
  /** Memory of the values, in row-major order and the machine's byte order. */
  readonly bytes: Uint8Array;
  /** Make the tensor, which the caller owns. */
  finish(): tf.Tensor;
  /** Free the memory. */
  discard(): void;
}

/**
 * Reserve the memory of a tensor, so that values can be read from a file straight into it: on the native engine it is
 * TensorFlow's own.
 *
 * @param shape Lengths of the axes.
 * @param dtype Of the values; `bfloat16` becomes float32 on wasm when the tensor is made.
 * @returns Memory of unknown content.
 */
export function buildTensor(shape: readonly number[], dtype: "float32" | "bfloat16"): TensorBuilder {
  const backend = nativeBackend();
  if (backend !== undefined) return nativeBuilder(backend, shape, dtype);
  const size = shape.reduce((product, length) => product * length, 1);
  const bytes = new Uint8Array(size * (dtype === "float32" ? 4 : 2));
  const finish = () =>
    tf.tensor(
      dtype === "float32" ? new Float32Array(bytes.buffer) : bfloat16Values(new Uint16Array(bytes.buffer)),
      [...shape],
    );
  return { bytes, finish, discard: () => {} };
}

function nativeBuilder(backend: NativeBackend, shape: readonly number[], dtype: "float32" | "bfloat16"): TensorBuilder {
  const { handles, tensorflow } = backend.engine;
  const type = dtype === "float32" ? DataType.FLOAT : DataType.BFLOAT16;
  const tensor = allocateTensor(tensorflow, shape, type);
  const discard = () => tensorflow.api.TF_DeleteTensor(tensor); // a handle keeps the memory
  return {
    bytes: tensorBytes(tensorflow, tensor),
    finish() {
      try {
        return backend.createOutputTensor({ id: handles.adopt(tensor), shape: [...shape], dtype: type });
      } finally {
        discard();
      }
    },
    discard,
  };
}
