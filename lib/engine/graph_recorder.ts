import { type Attribute, graphTarget, setAttributes } from "./attributes.ts";
import { DataType } from "./c_api.ts";
import { cName, cText, int64Bytes } from "./c_text.ts";
import { allocateTensor, type Handles, type TensorMetadata, type Values } from "./handles.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** Operations whose first inputs are one list, and how many inputs follow it. */
const inputsAfterList: Readonly<Record<string, number>> = { Pack: 0, ConcatV2: 1, AddN: 0, IdentityN: 0, Einsum: 0 };

/** Constants above this size that hold one value only become a Fill operation. */
const smallConstantBytes = 1024;

/** A `TF_Output` by value: 8 bytes operation, 4 bytes index, 4 bytes of padding. */
type Output = Uint8Array<ArrayBuffer>;

/** A graph turned into a function that the eager context knows by `name`. */
export interface RecordedFunction {
  readonly name: string;
  /** Tensors that the graph reads besides its arguments, in the order of the function's further inputs. */
  readonly captures: readonly number[];
  /** For each requested result, the output of the function that holds it. */
  readonly selection: readonly number[];
  readonly outputs: number;
  readonly nodes: number;
}

/** Records operations into a graph instead of running them. */
export class GraphRecorder {
  readonly #tensorflow: TensorFlow;
  readonly #handles: Handles;
  readonly #graph: Deno.PointerValue;
  readonly #nodes = new Map<number, Output>();
  readonly #arguments: Output[] = [];
  readonly #captures = new Map<number, Output>();
  #controls: Deno.PointerValue[] = [];
  #count = 0;

  /** Starts with an empty graph. */
  constructor(tensorflow: TensorFlow, handles: Handles) {
    this.#tensorflow = tensorflow;
    this.#handles = handles;
    this.#graph = tensorflow.api.TF_NewGraph();
  }

  /** Adds an argument. */
  argument(shape: readonly number[], dtype: number): TensorMetadata {
    const output = this.#placeholder(shape, dtype);
    this.#arguments.push(output);
    return { id: this.#name(output), shape: [...shape], dtype };
  }

  /** Adds a value made while recording. It has a handle too, so that it stays valid when it outlives the recording. */
  constant(shape: readonly number[], dtype: number, values: Values): number {
    const { api } = this.#tensorflow;
    const tensor = allocateTensor(this.#tensorflow, shape, dtype, values);
    try {
      const bytes = Number(api.TF_TensorByteSize(tensor));
      const id = this.#handles.adopt(tensor);
      this.#nodes.set(
        id,
        bytes > smallConstantBytes && isUniform(values)
          ? this.#fill(shape, dtype, values)
          : this.#constantNode(tensor, dtype),
      );
      return id;
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  /** Adds an operation and returns its results. @throws {Error} If TensorFlow refuses it or a shape stays unknown. */
  operation(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[] {
    const operation = this.#operation(name, attributes, inputs.map((id) => this.#input(id)));
    return Array.from({ length: outputs }, (_, index) => {
      const output = outputOf(operation, index);
      return { ...this.#describe(name, output), id: this.#name(output) };
    });
  }

  /** Records what `work` does such that none of it runs before the tensor `id` has been computed. */
  after<T>(id: number, work: () => T): T {
    const before = this.#controls;
    this.#controls = [operationOf(this.#input(id))];
    try {
      return work();
    } finally {
      this.#controls = before;
    }
  }

  /** Turns the graph into a function of the context that returns the given tensors. */
  finish(name: string, results: readonly number[]): RecordedFunction {
    const { api, context, checked } = this.#tensorflow;
    // A function may return neither one of its arguments as such nor one output twice.
    const byNode = new Map<string, number>();
    const outputs: Output[] = [];
    const selection = results.map((id) => {
      const node = this.#input(id);
      const key = node.join();
      const known = byNode.get(key);
      if (known !== undefined) return known;
      byNode.set(key, outputs.length);
      outputs.push(outputOf(this.#operation("Identity", [], [node]), 0));
      return outputs.length - 1;
    });
    const inputs = [...this.#arguments, ...this.#captures.values()];
    checked((status) => {
      const recorded = api.TF_GraphToFunction(
        this.#graph,
        cText(name),
        0,
        -1,
        null,
        inputs.length,
        joined(inputs),
        outputs.length,
        joined(outputs),
        null,
        null,
        cText("A step recorded once."),
        status,
      );
      if (recorded === null) return;
      api.TFE_ContextAddFunction(context, recorded, status);
      api.TF_DeleteFunction(recorded);
    });
    return { name, captures: [...this.#captures.keys()], selection, outputs: outputs.length, nodes: this.#count };
  }

  /** Frees the graph; the function made of it stays. */
  dispose(): void {
    this.#tensorflow.api.TF_DeleteGraph(this.#graph);
  }

  #operation(name: string, attributes: readonly Attribute[], inputs: readonly Output[]): Deno.PointerValue {
    const { api } = this.#tensorflow;
    const description = this.#describeNew(name);
    const after = inputsAfterList[name];
    let single = inputs;
    if (after !== undefined) {
      const listed = inputs.length - after;
      api.TF_AddInputList(description, joined(inputs.slice(0, listed)), listed);
      single = inputs.slice(listed);
    }
    for (const input of single) api.TF_AddInput(description, input);
    // The graph counts a list itself.
    setAttributes(graphTarget(api, description), attributes.filter((attribute) => attribute.name !== "N"));
    for (const control of this.#controls) api.TF_AddControlInput(description, control);
    return this.#finishNew(description);
  }

  /** The node of a tensor; one that was made before the recording becomes a further input. */
  #input(id: number): Output {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const { shape, dtype } = this.#handles.describe(id);
    const output = this.#placeholder(shape, dtype);
    this.#nodes.set(id, output);
    this.#captures.set(id, output);
    return output;
  }

  #placeholder(shape: readonly number[], dtype: number): Output {
    const { api } = this.#tensorflow;
    const description = this.#describeNew("Placeholder");
    api.TF_SetAttrType(description, cName("dtype"), dtype);
    api.TF_SetAttrShape(description, cName("shape"), int64Bytes(shape), shape.length);
    return outputOf(this.#finishNew(description), 0);
  }

  #constantNode(tensor: Deno.PointerValue, dtype: number): Output {
    const { api, checked } = this.#tensorflow;
    const description = this.#describeNew("Const");
    api.TF_SetAttrType(description, cName("dtype"), dtype);
    checked((status) => api.TF_SetAttrTensor(description, cName("value"), tensor, status));
    return outputOf(this.#finishNew(description), 0);
  }

  #fill(shape: readonly number[], dtype: number, values: Values): Output {
    const { api } = this.#tensorflow;
    const dims = allocateTensor(this.#tensorflow, [shape.length], DataType.INT32, Int32Array.from(shape));
    const value = allocateTensor(this.#tensorflow, [], dtype, values);
    try {
      const inputs = [this.#constantNode(dims, DataType.INT32), this.#constantNode(value, dtype)];
      return outputOf(this.#operation("Fill", [], inputs), 0);
    } finally {
      api.TF_DeleteTensor(dims);
      api.TF_DeleteTensor(value);
    }
  }

  #describeNew(type: string): Deno.PointerValue {
    return this.#tensorflow.api.TF_NewOperation(this.#graph, cName(type), cText(`n${this.#count++}`));
  }

  #finishNew(description: Deno.PointerValue): Deno.PointerValue {
    const { api, checked } = this.#tensorflow;
    return checked((status) => api.TF_FinishOperation(description, status));
  }

  #describe(name: string, output: Output): Omit<TensorMetadata, "id"> {
    const { api, checked } = this.#tensorflow;
    return checked((status) => {
      const rank = api.TF_GraphGetTensorNumDims(this.#graph, output, status);
      const dims = new BigInt64Array(Math.max(rank, 0));
      if (rank > 0) api.TF_GraphGetTensorShape(this.#graph, output, new Uint8Array(dims.buffer), rank, status);
      if (rank < 0 || dims.some((length) => length < 0n)) {
        throw new Error(`Cannot trace ${name} as the shape of its result must not depend on values`);
      }
      return { shape: Array.from(dims, Number), dtype: api.TF_OperationOutputType(output) };
    });
  }

  #name(output: Output): number {
    const id = this.#handles.newId();
    this.#nodes.set(id, output);
    return id;
  }
}

function outputOf(operation: Deno.PointerValue, index: number): Output {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigUint64(0, Deno.UnsafePointer.value(operation), true);
  view.setInt32(8, index, true);
  return new Uint8Array(view.buffer);
}

function operationOf(output: Output): Deno.PointerValue {
  return Deno.UnsafePointer.create(new DataView(output.buffer).getBigUint64(0, true));
}

function joined(outputs: readonly Output[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 * outputs.length);
  outputs.forEach((output, index) => bytes.set(output, 16 * index));
  return bytes;
}

/** Whether all values are the same number. */
export function isUniform(values: Values | readonly (number | boolean)[]): boolean {
  for (let index = 1; index < values.length; index++) if (values[index] !== values[0]) return false;
  return true;
}
