import { type Attribute, type AttributeSetters, eagerSetters, setAttributes } from "./attributes.ts";
import { cName } from "./c_text.ts";
import { type TensorFlow, throwIfFailed } from "./tensorflow.ts";

/** An operation of TensorFlow, or a traced function, with what it is to run on. */
export interface OpCall {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  /** Handles; they may be deleted as soon as the operation has been started. */
  readonly inputs: readonly Deno.PointerValue[];
  /** Largest number of results. */
  readonly outputs: number;
}

/** Runs operations one at a time or on other threads. */
export class OpRunner {
  readonly #tensorflow: TensorFlow;
  readonly #status: Deno.PointerValue;
  readonly #setters: AttributeSetters;

  /** Runs operations in the context of `tensorflow`. */
  constructor(tensorflow: TensorFlow) {
    this.#tensorflow = tensorflow;
    this.#status = tensorflow.api.TF_NewStatus();
    this.#setters = eagerSetters(tensorflow.api, this.#status);
  }

  /**
   * Runs an operation and returns the handles of its results, which the caller owns.
   *
   * @throws {Error} TensorFlow's.
   */
  run(call: OpCall): Deno.PointerValue[] {
    const { api } = this.#tensorflow;
    const op = this.#prepare(call);
    const outputs = new BigUint64Array(call.outputs);
    const count = Int32Array.of(call.outputs);
    api.TFE_Execute(op, bytes(outputs), bytes(count), this.#status);
    api.TFE_DeleteOp(op);
    throwIfFailed(api, this.#status);
    return pointers(outputs, count[0]);
  }

  /**
   * Runs an operation on another thread, so that the event loop goes on. Several may be in flight.
   *
   * What the C code writes to belongs to this call alone until it ends.
   */
  async runInBackground(call: OpCall): Promise<Deno.PointerValue[]> {
    const { api } = this.#tensorflow;
    const op = this.#prepare(call);
    const outputs = new BigUint64Array(call.outputs);
    const count = Int32Array.of(call.outputs);
    const status = api.TF_NewStatus();
    try {
      await api.executeInBackground(op, bytes(outputs), bytes(count), status);
      throwIfFailed(api, status);
    } finally {
      api.TFE_DeleteOp(op);
      api.TF_DeleteStatus(status);
    }
    return pointers(outputs, count[0]);
  }

  /** Builds the operation; it holds references to its inputs from here on. */
  #prepare({ name, attributes, inputs }: OpCall): Deno.PointerValue {
    const { api, context } = this.#tensorflow;
    const op = api.TFE_NewOp(context, cName(name), this.#status);
    throwIfFailed(api, this.#status);
    try {
      setAttributes(this.#setters, op, attributes);
      for (const input of inputs) {
        api.TFE_OpAddInput(op, input, this.#status);
        throwIfFailed(api, this.#status);
      }
      return op;
    } catch (error) {
      api.TFE_DeleteOp(op);
      throw error;
    }
  }
}

function bytes(array: BigUint64Array<ArrayBuffer> | Int32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer);
}

function pointers(addresses: BigUint64Array, count: number): Deno.PointerValue[] {
  return Array.from(addresses.subarray(0, count), (address) => Deno.UnsafePointer.create(address));
}
