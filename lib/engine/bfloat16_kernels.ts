import * as tf from "@tensorflow/tfjs";
import { type Attribute, AttributeType } from "./attributes.ts";
import { DataType } from "./c_api.ts";
import type { NativeBackend } from "./native_backend.ts";

/** Name of the kernel behind `bfloat16Product`. */
export const productKernel = "Bfloat16Product";
/** Name of the kernel behind `toFloat32`. */
export const expandKernel = "Bfloat16Expand";

interface KernelCall {
  readonly inputs: Record<string, tf.Tensor>;
  readonly attrs: unknown;
  readonly backend: NativeBackend;
}

interface ProductAttributes {
  /** Whether the weight is transposed: forward it is, in the gradient it is not. */
  readonly transpose: boolean;
  /** Columns of each input. */
  readonly widths: readonly number[];
}

const { BFLOAT16, FLOAT, INT32 } = DataType;

/** Registers the kernels that compute with bfloat16 tensors, and the gradient of the product for its inputs. */
export function registerBfloat16Kernels(backendName: string): void {
  const reshape = tf.getKernel(tf.Reshape, backendName)!;
  tf.unregisterKernel(tf.Reshape, backendName);
  const kernels: Record<string, (call: KernelCall) => tf.TensorInfo> = {
    [productKernel]: product,
    [expandKernel]: ({ inputs: { x }, backend }) =>
      backend.createOutputTensor({ ...run(backend, "Cast", cast(BFLOAT16, FLOAT), backend.idsOf([x])) }),
    [tf.Reshape]: (call) => {
      const held = call.backend.holdsBfloat16(call.inputs.x.dataId);
      return held
        ? reshapeHeld(call)
        : reshape.kernelFunc(call as unknown as Parameters<tf.KernelFunc>[0]) as tf.Tensor;
    },
  };
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as unknown as tf.KernelFunc });
  }
  tf.registerGradient({
    kernelName: productKernel,
    inputsToSave: ["weight"],
    gradFunc: (dy, [weight], attrs) => {
      const { transpose, widths } = attrs as unknown as ProductAttributes;
      const back = { transpose: !transpose, widths: [(dy as tf.Tensor).shape[1]!] };
      const product = tf.engine().runKernel(productKernel, { 0: dy as tf.Tensor, weight }, back) as tf.Tensor2D;
      const parts = widths.length === 1 ? [product] : tf.split(product, [...widths], 1);
      return Object.fromEntries(parts.map((part, k) => [k, () => part]));
    },
  });
}

/** Cast -> ConcatV2 -> MatMul -> Cast. */
function product({ inputs: { weight, ...parts }, attrs, backend }: KernelCall): tf.TensorInfo {
  const { transpose } = attrs as ProductAttributes;
  const made: number[] = [];
  const step = (name: string, attributes: Attribute[], ids: number[]) => {
    const { id } = run(backend, name, attributes, ids);
    made.push(id);
    return id;
  };
  const narrow = backend.getInputTensorIds(Object.values(parts)).map((id) => step("Cast", cast(FLOAT, BFLOAT16), [id]));
  let rows = narrow[0];
  if (narrow.length > 1) {
    const axis = tf.scalar(1, "int32");
    const attributes = [
      { name: "N", type: AttributeType.INT, value: narrow.length },
      type("T", BFLOAT16),
      type("Tidx", INT32),
    ];
    rows = step("ConcatV2", attributes, [...narrow, ...backend.getInputTensorIds([axis])]);
    axis.dispose();
  }
  const attributes = [
    { name: "transpose_a", type: AttributeType.BOOL, value: false },
    { name: "transpose_b", type: AttributeType.BOOL, value: transpose },
    type("T", BFLOAT16),
  ];
  const narrowResult = step("MatMul", attributes, [rows, ...backend.idsOf([weight])]);
  const result = run(backend, "Cast", cast(BFLOAT16, FLOAT), [narrowResult]);
  for (const id of made) backend.engine.deleteTensor(id);
  return backend.createOutputTensor(result);
}

function reshapeHeld({ inputs: { x }, attrs, backend }: KernelCall): tf.TensorInfo {
  const shape = tf.tensor1d((attrs as tf.ReshapeAttrs).shape, "int32");
  const ids = [...backend.idsOf([x]), ...backend.getInputTensorIds([shape])];
  const result = run(backend, "Reshape", [type("T", BFLOAT16), type("Tshape", INT32)], ids);
  shape.dispose();
  return backend.createOutputTensor(result);
}

function run(backend: NativeBackend, name: string, attributes: Attribute[], ids: number[]) {
  return backend.engine.executeOp(name, attributes, ids, 1)[0];
}

function cast(from: number, to: number): Attribute[] {
  return [type("SrcT", from), type("DstT", to), { name: "Truncate", type: AttributeType.BOOL, value: false }];
}

function type(name: string, value: number): Attribute {
  return { name, type: AttributeType.TYPE, value };
}
