import "./node_util.ts";
import * as tf from "@tensorflow/tfjs";
import { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import "@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js";
import { type Attribute, AttributeType } from "./attributes.ts";
import { DataType } from "./c_api.ts";
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
  /** Data held as bfloat16, a type that tfjs does not know: it sees float32. */
  readonly #bfloat16 = new WeakSet<object>();

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

  /** Whether the values are held as bfloat16. */
  holdsBfloat16(dataId: object): boolean {
    return this.#bfloat16.has(dataId);
  }

  /** Makes a tensor of a result. */
  override createOutputTensor(metadata: TensorMetadata): tf.Tensor {
    if (metadata.dtype !== DataType.BFLOAT16) return super.createOutputTensor(metadata);
    const tensor = super.createOutputTensor({ ...metadata, dtype: DataType.FLOAT });
    this.#bfloat16.add(tensor.dataId);
    return tensor;
  }

  /** `TF_DataType` of a tensor. */
  override typeAttributeFromTensor(tensor: tf.TensorInfo): number {
    return this.#bfloat16.has(tensor.dataId) ? DataType.BFLOAT16 : super.typeAttributeFromTensor(tensor);
  }

  /**
   * The door of all kernels that know nothing of bfloat16.
   *
   * @throws {TypeError} If a tensor is held as bfloat16.
   */
  override getInputTensorIds(tensors: readonly object[]): number[] {
    const held = tensors.find((tensor) => "dataId" in tensor && this.#bfloat16.has((tensor as tf.TensorInfo).dataId));
    if (held !== undefined) {
      throw new TypeError(
        "Cannot compute with a bfloat16 weight as only linear layers and gather take it: expand it with toFloat32(); " +
          `current value is [${(held as tf.TensorInfo).shape}]`,
      );
    }
    return this.idsOf(tensors);
  }

  /** Records or runs an operation that copies a tensor of any type, where tfjs would share its data. */
  identity(tensor: tf.Tensor): tf.Tensor {
    const type = { name: "T", type: AttributeType.TYPE, value: this.typeAttributeFromTensor(tensor) };
    return this.createOutputTensor(this.engine.executeOp("Identity", [type], this.idsOf([tensor]), 1)[0]);
  }

  /**
   * Returns the numbers of tensors, bfloat16 or not. Uploads what has not been used yet; a tensor that is older than the
   * recording is uploaded beside it.
   */
  idsOf(tensors: readonly object[]): number[] {
    if (!this.engine.recorder) return super.getInputTensorIds(tensors);
    const older = tensors.filter((tensor) =>
      "dataId" in tensor && !this.#recorded.has((tensor as tf.TensorInfo).dataId)
    );
    this.engine.notRecording(() => super.getInputTensorIds(older));
    return super.getInputTensorIds(tensors);
  }
}
