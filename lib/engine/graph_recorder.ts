import type { Attribute } from "./attributes.ts";
import { DataType } from "./c_api.ts";
import { Graph, type GraphOutput, sibling } from "./graph.ts";
import type { Handles, TensorMetadata } from "./handles.ts";
import { allocateTensor, type Values } from "./tensor_memory.ts";
import type { TensorFlow } from "./tensorflow.ts";

/** Constants above this size that hold one value only become a Fill operation. */
const smallConstantBytes = 1024;

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

/** Records the operations of tfjs's kernels into a graph instead of running them. */
export class GraphRecorder {
  readonly #tensorflow: TensorFlow;
  readonly #handles: Handles;
  readonly #graph: Graph;
  readonly #nodes = new Map<number, GraphOutput>();
  readonly #arguments: GraphOutput[] = [];
  readonly #captures = new Map<number, GraphOutput>();
  #after: readonly GraphOutput[] = [];

  /** Starts with an empty graph. */
  constructor(tensorflow: TensorFlow, handles: Handles) {
    this.#tensorflow = tensorflow;
    this.#handles = handles;
    this.#graph = new Graph(tensorflow);
  }

  /** Adds an argument. */
  argument(shape: readonly number[], dtype: number): TensorMetadata {
    const node = this.#graph.placeholder(shape, dtype);
    this.#arguments.push(node);
    return { id: this.#name(node), shape: [...shape], dtype };
  }

  /** Adds a value made while recording. It has a handle too, so that it stays valid if it outlives the recording. */
  constant(shape: readonly number[], dtype: number, values: Values): number {
    return this.#withTensor(shape, dtype, values, (tensor) => {
      const large = this.#tensorflow.api.TF_TensorByteSize(tensor) > smallConstantBytes;
      const node = large && isUniform(values) ? this.#fill(shape, dtype, values) : this.#graph.constant(tensor, dtype);
      const id = this.#handles.adopt(tensor);
      this.#nodes.set(id, node);
      return id;
    });
  }

  /**
   * Adds an operation.
   *
   * @throws {Error} If TensorFlow refuses it, or the shape of a result depends on values.
   */
  operation(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[] {
    const first = this.#graph.operation(name, attributes, inputs.map((id) => this.#input(id)), this.#after);
    return Array.from({ length: outputs }, (_, index) => {
      const node = sibling(first, index);
      const { shape, dtype } = this.#graph.describe(node);
      if (shape === null || shape.some((length) => length < 0)) {
        throw new Error(`Cannot trace ${name} as the shape of its result must not depend on values`);
      }
      return { id: this.#name(node), shape, dtype };
    });
  }

  /** Records what `work` does such that none of it runs before the tensor `id` has been computed. */
  after<T>(id: number, work: () => T): T {
    const before = this.#after;
    this.#after = [this.#input(id)];
    try {
      return work();
    } finally {
      this.#after = before;
    }
  }

  /** Turns the graph into a function of the context that returns the given tensors. */
  finish(name: string, results: readonly number[]): RecordedFunction {
    // A function can return neither an argument as it is nor one output twice.
    const outputs = new Map<string, GraphOutput>();
    const keys = results.map((id) => {
      const node = this.#input(id);
      const key = node.join();
      if (!outputs.has(key)) outputs.set(key, this.#graph.operation("Identity", [], [node]));
      return key;
    });
    const order = [...outputs.keys()];
    this.#graph.addFunction(name, [...this.#arguments, ...this.#captures.values()], [...outputs.values()]);
    return {
      name,
      captures: [...this.#captures.keys()],
      selection: keys.map((key) => order.indexOf(key)),
      outputs: outputs.size,
      nodes: this.#graph.nodes,
    };
  }

  /** Frees the graph; the function made of it stays. */
  dispose(): void {
    this.#graph.dispose();
  }

  /** The node of a tensor; one that was made before the recording becomes a further input. */
  #input(id: number): GraphOutput {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const { shape, dtype } = this.#handles.describe(id);
    const node = this.#graph.placeholder(shape, dtype);
    this.#nodes.set(id, node);
    this.#captures.set(id, node);
    return node;
  }

  #fill(shape: readonly number[], dtype: number, values: Values): GraphOutput {
    const dims = this.#withTensor(
      [shape.length],
      DataType.INT32,
      Int32Array.from(shape),
      (tensor) => this.#graph.constant(tensor, DataType.INT32),
    );
    const value = this.#withTensor([], dtype, values, (tensor) => this.#graph.constant(tensor, dtype));
    return this.#graph.operation("Fill", [], [dims, value]);
  }

  #withTensor<T>(
    shape: readonly number[],
    dtype: number,
    values: Values,
    work: (tensor: Deno.PointerValue) => T,
  ): T {
    const tensor = allocateTensor(this.#tensorflow, shape, dtype, values);
    try {
      return work(tensor);
    } finally {
      this.#tensorflow.api.TF_DeleteTensor(tensor);
    }
  }

  #name(node: GraphOutput): number {
    const id = this.#handles.newId();
    this.#nodes.set(id, node);
    return id;
  }
}

/** Whether all values are the same number; 0 and -0 are two. */
export function isUniform(values: ArrayLike<unknown>): boolean {
  for (let index = 1; index < values.length; index++) if (!Object.is(values[index], values[0])) return false;
  return true;
}
