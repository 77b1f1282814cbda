import * as tf from "@tensorflow/tfjs";
import { AttributeType } from "./attributes.ts";
import { DataType } from "./c_api.ts";
import type { NativeBackend } from "./native_backend.ts";

/** Puts kernels in the place of those of tfjs-node that read values or that newer TensorFlow refuses. */
export function replaceKernels(backendName: string): void {
  for (const [kernelName, kernelFunc] of Object.entries({ GatherV2: gather })) {
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as unknown as tf.KernelFunc });
  }
}

interface KernelCall<Inputs, Attributes> {
  inputs: Inputs;
  attrs: Attributes;
  backend: NativeBackend;
}

/** tfjs-node's own kernel reads the indices to check them; TensorFlow checks them itself, and names the bad one. */
function gather(
  { inputs, attrs, backend }: KernelCall<tf.GatherV2Inputs, tf.GatherV2Attrs>,
): tf.TensorInfo {
  const { x, indices } = inputs as { x: tf.Tensor; indices: tf.Tensor };
  const axis = tf.scalar(attrs.axis, "int32");
  const attributes = [
    { name: "batch_dims", type: AttributeType.INT, value: attrs.batchDims },
    { name: "Tparams", type: AttributeType.TYPE, value: backend.typeAttributeFromTensor(x) },
    { name: "Tindices", type: AttributeType.TYPE, value: backend.typeAttributeFromTensor(indices) },
    { name: "Taxis", type: AttributeType.TYPE, value: DataType.INT32 },
  ];
  try {
    return backend.executeSingleOutput("GatherV2", attributes, [x, indices, axis]);
  } finally {
    axis.dispose();
  }
}
