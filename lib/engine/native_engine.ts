import { type Attribute, AttributeType } from "./attributes.ts";
import { DataType } from "./c_api.ts";
import { GraphRecorder } from "./graph_recorder.ts";
import { Handles, type TensorMetadata } from "./handles.ts";
import { OpRunner } from "./op_runner.ts";
import type { Values } from "./tensor_memory.ts";
import type { TensorFlow } from "./tensorflow.ts";

/**
 * What tfjs's Node backend asks of its native addon (`TFJSBinding` of @tensorflow/tfjs-node), over the C API.
 *
 * While `recording` runs, operations go into a graph instead of being executed.
 */
export class NativeEngine {
  readonly tensorflow: TensorFlow;
  readonly handles: Handles;
  readonly runner: OpRunner;
  #recorder: GraphRecorder | undefined;

  /** Starts with no tensors. */
  constructor(tensorflow: TensorFlow) {
    this.tensorflow = tensorflow;
    this.handles = new Handles(tensorflow);
    this.runner = new OpRunner(tensorflow);
  }

  /** The recorder at work, if any. */
  get recorder(): GraphRecorder | undefined {
    return this.#recorder;
  }

  /** Records what `work` does into a graph, which is freed afterwards. */
  recording<T>(work: (recorder: GraphRecorder) => T): T {
    const recorder = new GraphRecorder(this.tensorflow, this.handles);
    this.#recorder = recorder;
    try {
      return work(recorder);
    } finally {
      this.#recorder = undefined;
      recorder.dispose();
    }
  }

  /** Runs `work` outside of the recording, for tensors that belong to the caller of the traced step. */
  notRecording<T>(work: () => T): T {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    try {
      return work();
    } finally {
      this.#recorder = recorder;
    }
  }

  /** `TFJSBinding.createTensor`. */
  createTensor(shape: number[], dtype: number, values: Values): number {
    return this.#recorder ? this.#recorder.constant(shape, dtype, values) : this.handles.create(shape, dtype, values);
  }

  /** `TFJSBinding.deleteTensor`. */
  deleteTensor(id: number): void {
    this.handles.delete(id);
  }

  /** `TFJSBinding.tensorDataSync`. */
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array {
    return this.handles.read(id);
  }

  /** `TFJSBinding.executeOp`. */
  executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): TensorMetadata[] {
    if (this.#recorder) return this.#recorder.operation(name, attributes, inputs, outputs);
    const call = { name, attributes, inputs: inputs.map((id) => this.handles.pointer(id)), outputs };
    return this.runner.run(call).map((pointer) => this.handles.add(pointer));
  }

  /** `TFJSBinding.isUsingGpuDevice`. */
  isUsingGpuDevice(): boolean {
    return this.tensorflow.gpus > 0;
  }

  /** `TFJSBinding.getNumOfTensors`. */
  getNumOfTensors(): number {
    return this.handles.count;
  }

  /** `TFJSBinding.TF_Version`. */
  get TF_Version(): string {
    return this.tensorflow.version;
  }

  /** `TFJSBinding.TF_FLOAT` and its kin. */
  readonly TF_FLOAT = DataType.FLOAT;
  readonly TF_INT32 = DataType.INT32;
  readonly TF_UINT8 = DataType.UINT8;
  readonly TF_STRING = DataType.STRING;
  readonly TF_COMPLEX64 = DataType.COMPLEX64;
  readonly TF_INT64 = DataType.INT64;
  readonly TF_BOOL = DataType.BOOL;
  readonly TF_RESOURCE = DataType.RESOURCE;
  readonly TF_ATTR_STRING = AttributeType.STRING;
  readonly TF_ATTR_INT = AttributeType.INT;
  readonly TF_ATTR_FLOAT = AttributeType.FLOAT;
  readonly TF_ATTR_BOOL = AttributeType.BOOL;
  readonly TF_ATTR_TYPE = AttributeType.TYPE;
  readonly TF_ATTR_SHAPE = AttributeType.SHAPE;
  readonly TF_ATTR_RESOURCE = AttributeType.RESOURCE;
}
