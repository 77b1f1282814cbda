import "./node_util.ts";
import * as tf from "@tensorflow/tfjs";
import { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import "@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js";
import type { Attribute } from "./attributes.ts";
import type { TensorMetadata } from "./handles.ts";
import type { NativeEngine } from "./native_engine.ts";
import type { Values } from "./tensor_memory.ts";

/** What kernels use of tfjs-node's backend; its own types declare most of it private. */
interface NodeBackend extends tf.KernelBackend {
  move(data: object, values: Values, shape: number[], dtype: tf.DataType, references: number): void;
  getInputTensorIds(tensors: readonly object[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  typeAttributeFromTensor(tensor: tf.TensorInfo): number;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: tf.TensorInfo[]): tf.Tensor;
}

// A NativeEngine has all of TFJSBinding but the calls for saved models, which no kernel makes.
const Base = NodeJSKernelBackend as unknown as new (binding: NativeEngine, packageName: string) => NodeBackend;

/** tfjs-node's backend over the engine. tfjs uploads values when they are first used; this class knows which tensors are new. */
export class NativeBackend extends Base {
  readonly engine: NativeEngine;
  /** Data written while recording. */
  readonly #recorded = new WeakSet<object>();

  /** Starts with no tensors. */
  constructor(engine: NativeEngine) {
    super(engine, "asasr");
    this.engine = engine;
  }

  /** Keeps values until they are used. */
  override move(...[data, values, shape, dtype, references]: Parameters<NodeBackend["move"]>): void {
    if (this.engine.recorder) this.#recorded.add(data);
    super.move(data, values, shape, dtype, references);
  }

  /** Uploads what has not been used yet. A tensor that is older than the recording is uploaded beside it. */
  override getInputTensorIds(tensors: readonly object[]): number[] {
    if (!this.engine.recorder) return super.getInputTensorIds(tensors);
    const older = tensors.filter((tensor) =>
      "dataId" in tensor && !this.#recorded.has((tensor as tf.TensorInfo).dataId)
    );
    this.engine.notRecording(() => super.getInputTensorIds(older));
    return super.getInputTensorIds(tensors);
  }
}
