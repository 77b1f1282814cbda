import { type Attribute, eagerTarget, setAttributes } from "./attributes.ts";
import { cName } from "./c_text.ts";
import { type TensorFlow, throwIfFailed } from "./tensorflow.ts";

/** An operation ready to run: everything it needs lives here until it has run, so that several can be in flight. */
export interface PreparedOp {
  readonly name: string;
  readonly op: Deno.PointerValue;
  readonly status: Deno.PointerValue;
  readonly outputs: BigUint64Array<ArrayBuffer>;
  readonly count: Int32Array<ArrayBuffer>;
}

/**
 * Builds an operation with its attributes and inputs.
 *
 * @param name Operation of TensorFlow, or the name of a traced function.
 * @param inputs Handles; the operation holds its own references to them from here on.
 * @param outputs Largest number of results.
 * @throws {Error} With TensorFlow's message, if there is no such operation or an attribute does not fit.
 */
export function prepareOp(
  { api, context }: TensorFlow,
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly Deno.PointerValue[],
  outputs: number,
): PreparedOp {
  const status = api.TF_NewStatus();
  const op = api.TFE_NewOp(context, cName(name), status);
  try {
    throwIfFailed(api, status, `create ${name}`);
    setAttributes(eagerTarget(api, op, status), attributes);
    for (const input of inputs) api.TFE_OpAddInput(op, input, status);
    throwIfFailed(api, status, `prepare ${name}`);
  } catch (error) {
    if (op !== null) api.TFE_DeleteOp(op);
    api.TF_DeleteStatus(status);
    throw error;
  }
  return { name, op, status, outputs: new BigUint64Array(outputs), count: Int32Array.of(outputs) };
}

/** Runs an operation and returns the handles of its results, which the caller owns. */
export function runOp(tensorflow: TensorFlow, prepared: PreparedOp): Deno.PointerValue[] {
  const { op, outputs, count, status } = prepared;
  tensorflow.api.TFE_Execute(op, bytes(outputs), bytes(count), status);
  return results(tensorflow, prepared);
}

/** Runs an operation on another thread, so that the event loop goes on, and returns the handles of its results. */
export async function runOpInBackground(tensorflow: TensorFlow, prepared: PreparedOp): Promise<Deno.PointerValue[]> {
  const { op, outputs, count, status } = prepared;
  await tensorflow.api.executeInBackground(op, bytes(outputs), bytes(count), status);
  return results(tensorflow, prepared);
}

function results({ api }: TensorFlow, { name, op, status, outputs, count }: PreparedOp): Deno.PointerValue[] {
  api.TFE_DeleteOp(op);
  try {
    throwIfFailed(api, status, `run ${name}`);
  } finally {
    api.TF_DeleteStatus(status);
  }
  return Array.from(outputs.subarray(0, count[0]), (address) => Deno.UnsafePointer.create(address));
}

function bytes(array: BigUint64Array<ArrayBuffer> | Int32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer);
}
