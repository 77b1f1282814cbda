import * as tf from "./tf.ts";
import { expandKernel, productKernel } from "./bfloat16_kernels.ts";
import { bfloat16Bits } from "./bfloat16_values.ts";
import { nativeBackend } from "./current.ts";
import { buildTensor } from "./tensor_builder.ts";

/**
 * Tell whether a tensor is held as bfloat16: half the memory of float32, for frozen weights.
 *
 * tfjs takes such a tensor for float32 and hands it around; its values read back as float32, exactly. Only
 * {@link bfloat16Product}, {@link toFloat32}, reshape and gather compute with it; every other operation throws a TypeError.
 * Nothing is differentiated for it. Only the native engine holds bfloat16; `tf.memory()` counts the tensor, and its bytes
 * as if they were float32.
 */
export function isBfloat16(tensor: tf.Tensor): boolean {
  return nativeBackend()?.holdsBfloat16(tensor.dataId) ?? false;
}

/**
 * Make a tensor of bfloat16 values; on wasm, a float32 tensor of the same values.
 *
 * @param bits One value each, in row-major order.
 * @param shape Lengths of the axes.
 * @returns Owned by the caller.
 */
export function bfloat16Tensor(bits: Uint16Array, shape: readonly number[]): tf.Tensor {
  const builder = buildTensor(shape, "bfloat16");
  builder.bytes.set(new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength));
  return builder.finish();
}

/**
 * Round a tensor to bfloat16, ties to even. Reads its values, so it has no place in a traced step.
 *
 * @returns A new tensor: bfloat16, or on wasm float32 with the rounded values.
 */
export function toBfloat16(tensor: tf.Tensor): tf.Tensor {
  return bfloat16Tensor(bfloat16Bits(tensor.dataSync<"float32">()), tensor.shape);
}

/** Expand a tensor that is held as bfloat16 to a new float32 tensor; any other is returned as it is. */
export function toFloat32<T extends tf.Tensor>(tensor: T): T {
  return isBfloat16(tensor) ? tf.engine().runKernel(expandKernel, { x: tensor }) as T : tensor;
}

/**
 * Multiply by a transposed bfloat16 weight, `[x_1 x_2 ...] W^T`: the factors are rounded to bfloat16, the sums are made in
 * float32 and rounded once. The gradient for the inputs is such a product too.
 *
 * @param parts Inputs side by side, float32. `[N, in_k]`
 * @param weight Held as bfloat16. `[out, in_1 + in_2 + ...]`
 * @returns float32 values. `[N, out]`
 */
export function bfloat16Product(parts: readonly tf.Tensor2D[], weight: tf.Tensor): tf.Tensor2D {
  return tf.engine().runKernel(productKernel, { ...parts, weight } as unknown as tf.NamedTensorMap, {
    transpose: true,
    widths: parts.map((part) => part.shape[1]),
  }) as tf.Tensor2D;
}

/** Read the bits of a tensor that is held as bfloat16. */
export function readBfloat16(tensor: tf.Tensor): Uint16Array<ArrayBuffer> {
  return bfloat16Bits(tensor.dataSync<"float32">());
}
