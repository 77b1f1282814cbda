import * as tf from "@tensorflow/tfjs";
import { type Attribute, AttributeType } from "./attributes.ts";
import { toFloat32 } from "./bfloat16.ts";
import type { NativeBackend } from "./native_backend.ts";

interface KernelCall<Inputs extends string, Attributes> {
  inputs: Record<Inputs, tf.Tensor>;
  attrs: Attributes;
  backend: NativeBackend;
}

/** Puts kernels in the place of those of tfjs-node that read values or that TensorFlow refuses. */
export function replaceKernels(backendName: string): void {
  for (const [kernelName, kernel] of Object.entries({ GatherV2: gather, Mean: mean, Round: round })) {
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc: kernel as unknown as tf.KernelFunc });
  }
}

/** tfjs-node's own kernel reads the indices to check them; TensorFlow checks them itself, and names the bad one. */
function gather({ inputs, attrs, backend }: KernelCall<"x" | "indices", tf.GatherV2Attrs>): tf.TensorInfo {
  const { x, indices } = inputs;
  tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, attrs.axis, attrs.batchDims); // checks the shapes
  const axis = tf.scalar(attrs.axis, "int32");
  const attributes = [
    { name: "batch_dims", type: AttributeType.INT, value: attrs.batchDims },
    typeAttribute(backend, "Tparams", x),
    typeAttribute(backend, "Tindices", indices),
    typeAttribute(backend, "Taxis", axis),
  ];
  const [found] = backend.engine.executeOp("GatherV2", attributes, backend.idsOf([x, indices, axis]), 1);
  axis.dispose();
  const rows = backend.createOutputTensor(found);
  const values = toFloat32(rows); // rows of a bfloat16 table
  if (values !== rows) rows.dispose();
  return values;
}

/** tfjs-node's own kernel casts to float32, and then declares the type from before the cast. */
function mean({ inputs, attrs, backend }: KernelCall<"x", tf.MeanAttrs>): tf.TensorInfo {
  const { x } = inputs;
  const values = x.cast("float32");
  const axes = tf.tensor1d(tf.util.parseAxisParam(attrs.axis, x.shape), "int32");
  const attributes = [
    { name: "keep_dims", type: AttributeType.BOOL, value: attrs.keepDims },
    typeAttribute(backend, "T", values),
    typeAttribute(backend, "Tidx", axes),
  ];
  const result = backend.executeSingleOutput("Mean", attributes, [values, axes]);
  tf.dispose([values, axes]);
  return result;
}

/** TensorFlow's Round takes integers on some devices only; they are round as they are. */
function round({ inputs, backend }: KernelCall<"x", object>): tf.TensorInfo {
  const { x } = inputs;
  if (x.dtype === "int32") return x.clone();
  return backend.executeSingleOutput("Round", [typeAttribute(backend, "T", x)], [x]);
}

function typeAttribute(backend: NativeBackend, name: string, tensor: tf.TensorInfo): Attribute {
  return { name, type: AttributeType.TYPE, value: backend.typeAttributeFromTensor(tensor) };
}
