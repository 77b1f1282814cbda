import { type Attribute, type AttributeSetters, graphSetters, setAttributes } from "./attributes.ts";
import { cName, cText, int64Bytes } from "./c_text.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** A result of an operation in a graph: a `TF_Output` by value, 8 bytes operation, 4 bytes index, 4 of padding. */
export type GraphOutput = Uint8Array<ArrayBuffer>;

/** Operations whose first inputs are one list, and how many inputs follow it. */
const inputsAfterList: Readonly<Record<string, number>> = { Pack: 0, ConcatV2: 1, AddN: 0, IdentityN: 0, Einsum: 0 };

/** A TensorFlow graph under construction. */
export class Graph {
  readonly #tensorflow: TensorFlow;
  readonly #setters: AttributeSetters;
  readonly #graph: Deno.PointerValue;
  #nodes = 0;

  /** Starts with no nodes. */
  constructor(tensorflow: TensorFlow) {
    this.#tensorflow = tensorflow;
    this.#setters = graphSetters(tensorflow.api);
    this.#graph = tensorflow.api.TF_NewGraph();
  }

  /** Number of nodes. */
  get nodes(): number {
    return this.#nodes;
  }

  /** Adds an input of the graph. */
  placeholder(shape: readonly number[], dtype: number): GraphOutput {
    const { api } = this.#tensorflow;
    return outputOf(this.#add("Placeholder", (node) => {
      api.TF_SetAttrType(node, cName("dtype"), dtype);
      api.TF_SetAttrShape(node, cName("shape"), int64Bytes(shape), shape.length);
    }));
  }

  /** Adds a constant; the `TF_Tensor` stays the caller's. */
  constant(tensor: Deno.PointerValue, dtype: number): GraphOutput {
    const { api, checked } = this.#tensorflow;
    return outputOf(this.#add("Const", (node) => {
      api.TF_SetAttrType(node, cName("dtype"), dtype);
      checked((status) => api.TF_SetAttrTensor(node, cName("value"), tensor, status));
    }));
  }

  /**
   * Adds an operation.
   *
   * @param after Nodes that must have run before this one, besides those of its inputs.
   * @returns Its first result; `sibling` gives the others.
   * @throws {Error} With TensorFlow's message, if the operation does not fit its inputs.
   */
  operation(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly GraphOutput[],
    after: readonly GraphOutput[] = [],
  ): GraphOutput {
    const { api } = this.#tensorflow;
    return outputOf(this.#add(name, (node) => {
      const behind = inputsAfterList[name];
      const listed = behind === undefined ? 0 : inputs.length - behind;
      if (behind !== undefined) api.TF_AddInputList(node, joined(inputs.slice(0, listed)), listed);
      for (const input of inputs.slice(listed)) api.TF_AddInput(node, input);
      // A graph counts the inputs of a list itself.
      setAttributes(this.#setters, node, attributes.filter((attribute) => attribute.name !== "N"));
      for (const output of after) api.TF_AddControlInput(node, operationOf(output));
    }));
  }

  /** Returns shape and type of a result; a dimension that depends on values is -1, an unknown rank is null. */
  describe(output: GraphOutput): { shape: number[] | null; dtype: number } {
    const { api, checked } = this.#tensorflow;
    const dtype = api.TF_OperationOutputType(output);
    const rank = checked((status) => api.TF_GraphGetTensorNumDims(this.#graph, output, status));
    if (rank <= 0) return { shape: rank === 0 ? [] : null, dtype };
    const dims = new BigInt64Array(rank);
    const bytes = new Uint8Array(dims.buffer);
    checked((status) => api.TF_GraphGetTensorShape(this.#graph, output, bytes, rank, status));
    return { shape: Array.from(dims, Number), dtype };
  }

  /** Makes a function of the graph and adds it to the context under `name`. No output may be given twice. */
  addFunction(name: string, inputs: readonly GraphOutput[], outputs: readonly GraphOutput[]): void {
    const { api, context, checked } = this.#tensorflow;
    const [ins, outs] = [joined(inputs), joined(outputs)];
    // deno-fmt-ignore
    const made = checked((status) => api.TF_GraphToFunction(
      this.#graph, cText(name), 0, -1, null, inputs.length, ins, outputs.length, outs, null, null, cText(""), status,
    ));
    checked((status) => api.TFE_ContextAddFunction(context, made, status));
    api.TF_DeleteFunction(made);
  }

  /** Frees the graph; functions made of it stay. */
  dispose(): void {
    this.#tensorflow.api.TF_DeleteGraph(this.#graph);
  }

  #add(type: string, build: (node: Deno.PointerValue) => void): Deno.PointerValue {
    const { api, checked } = this.#tensorflow;
    const node = api.TF_NewOperation(this.#graph, cName(type), cText(`n${this.#nodes++}`));
    build(node);
    return checked((status) => api.TF_FinishOperation(node, status));
  }
}

/** Returns another result of the operation that `output` belongs to. */
export function sibling(output: GraphOutput, index: number): GraphOutput {
  return outputOf(operationOf(output), index);
}

function outputOf(operation: Deno.PointerValue, index = 0): GraphOutput {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigUint64(0, Deno.UnsafePointer.value(operation), true);
  view.setInt32(8, index, true);
  return new Uint8Array(view.buffer);
}

function operationOf(output: GraphOutput): Deno.PointerValue {
  return Deno.UnsafePointer.create(new DataView(output.buffer).getBigUint64(0, true));
}

function joined(outputs: readonly GraphOutput[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 * outputs.length);
  outputs.forEach((output, index) => bytes.set(output, 16 * index));
  return bytes;
}
