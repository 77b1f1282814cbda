import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

type Kernel<Inputs extends string, Attributes> = (
  call: { inputs: Record<Inputs, tf.TensorInfo>; backend: BackendWasm; attrs: Attributes },
) => tf.TensorInfo;

/**
 * Puts a matrix product in the place of tfjs's own that is fast for every shape.
 *
 * tfjs hands only the product of two single, untransposed matrices to XNNPACK; all others run through a plain loop that is
 * 10 to 30 times slower. Here a transposed factor is transposed first and a batch is multiplied matrix by matrix.
 */
export function replaceMatMul(): void {
  const config = tf.getKernel(tf.BatchMatMul, "wasm")!;
  const product = config.kernelFunc as unknown as Kernel<"a" | "b", tf.BatchMatMulAttrs>;
  const transpose = tf.getKernel(tf.Transpose, "wasm")!.kernelFunc as unknown as Kernel<"x", tf.TransposeAttrs>;

  const matMul: Kernel<"a" | "b", tf.BatchMatMulAttrs> = ({ inputs: { a, b }, attrs, backend }) => {
    const { transposeA, transposeB } = attrs;
    const count = batchOf(a);
    const single = count === 1 && !transposeA && !transposeB;
    if (single || count !== batchOf(b) || a.dtype !== "float32" || b.dtype !== "float32") {
      return product({ inputs: { a, b }, attrs, backend });
    }
    const [rows, columns] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
    const result = backend.makeOutput([...a.shape.slice(0, -2), rows, columns], "float32");
    for (let index = 0; index < count; index++) {
      const factors = [matrixOf(backend, a, index), matrixOf(backend, b, index)];
      const turned = [transposeA, transposeB].map((turn, side) => {
        const x = factors[side];
        return turn ? transpose({ inputs: { x }, backend, attrs: { perm: [1, 0] } }) : x;
      });
      const [left, right] = turned.map((x) => ({ ...x, shape: [1, ...x.shape] }));
      const plane = product({
        inputs: { a: left, b: right },
        backend,
        attrs: { transposeA: false, transposeB: false },
      });
      backend.typedArrayFromHeap(result).set(backend.typedArrayFromHeap(plane), index * rows * columns);
      const made = new Set([...factors, ...turned, plane].map(({ dataId }) => dataId));
      for (const dataId of made) if (dataId !== a.dataId && dataId !== b.dataId) backend.disposeData(dataId);
    }
    return result;
  };
  tf.unregisterKernel(tf.BatchMatMul, "wasm");
  tf.registerKernel({ ...config, kernelFunc: matMul as unknown as tf.KernelFunc });
}

function batchOf({ shape }: tf.TensorInfo): number {
  return tf.util.sizeFromShape(shape.slice(0, -2));
}

/** One matrix of a batch: the tensor itself where there is only one, else a copy. */
function matrixOf(backend: BackendWasm, x: tf.TensorInfo, index: number): tf.TensorInfo {
  const [rows, columns] = x.shape.slice(-2), size = rows * columns;
  if (batchOf(x) === 1) return { dataId: x.dataId, dtype: x.dtype, shape: [rows, columns] };
  const copy = backend.makeOutput([rows, columns], "float32"); // may grow the memory: look at it afterwards
  backend.typedArrayFromHeap(copy).set(backend.typedArrayFromHeap(x).subarray(index * size, (index + 1) * size));
  return copy;
}
