import * as tf from "@tensorflow/tfjs";
import { isUniform } from "./graph_recorder.ts";

/** Values that tfjs computes in JavaScript from a generator of its own: a trace would repeat them for ever. */
const randomOps = new Set([
  "dropout",
  "multinomial",
  "rand",
  "randomGamma",
  "randomNormal",
  "randomStandardNormal",
  "randomUniform",
  "randomUniformInt",
  "truncatedNormal",
]);

/** Largest constant that a trace may make, unless all of its values are the same. */
const largestConstantBytes = 64 * 1024;

type Engine = ReturnType<typeof tf.engine>;
type Hooks = Pick<
  Engine,
  "startScope" | "makeTensor" | "makeTensorFromTensorInfo" | "makeVariable" | "readSync" | "read"
>;

let active = false;

/** Whether a step is being traced, or runs eagerly under the rules of a trace. */
export function tracing(): boolean {
  return active;
}

/**
 * Runs `work` while tfjs refuses whatever a traced step must not do, on every engine alike.
 *
 * Refused: reading an argument or a computed value, random numbers, constants above 64 KiB, variables.
 *
 * @param step Name for messages.
 * @param inputs Arguments of the step.
 */
export function withTraceRules<T>(step: string, inputs: readonly tf.Tensor[], work: () => T): T {
  const engine = tf.engine();
  const prototype: Hooks = Object.getPrototypeOf(engine);
  const unreadable = new Set<object>(inputs.map((tensor) => tensor.dataId));
  let broken: Error | undefined;
  const refuse = (rule: string): Error => new Error(`Cannot trace ${step} as ${rule}`);
  const reading = () =>
    refuse("a step must not read values (dataSync, data, array, print): return the tensor and read it afterwards");

  const hooks: Hooks = {
    startScope(name) {
      const op = name?.replace(/__op$/, ""); // tfjs's suffix for the scope of an operation
      if (op !== undefined && randomOps.has(op)) {
        throw refuse(`a step must not draw random numbers (tf.${op}): pass them as an argument`);
      }
      prototype.startScope.call(engine, name);
    },
    makeTensor(values, shape, dtype, backend) {
      const bytes = 4 * shape.reduce((product, length) => product * length, 1);
      if (bytes > largestConstantBytes && !isUniform(values as Float32Array)) {
        throw refuse(
          `a constant must not exceed ${largestConstantBytes} bytes: current value is ${bytes} for [${shape}]; ` +
            "make the tensor before the step and close over it",
        );
      }
      return prototype.makeTensor.call(engine, values, shape, dtype, backend);
    },
    makeTensorFromTensorInfo(info, backend) {
      // An identity or a reshape shares the data of its input, which may be a constant.
      if (engine.state.tensorInfo.has(info.dataId) === false) unreadable.add(info.dataId);
      return prototype.makeTensorFromTensorInfo.call(engine, info, backend);
    },
    makeVariable() {
      throw refuse("a step must not make variables: pass state as an argument and return it");
    },
    readSync(data) {
      if (unreadable.has(data)) throw reading();
      return prototype.readSync.call(engine, data);
    },
    read(data) {
      if (!unreadable.has(data)) return prototype.read.call(engine, data);
      // The step may not wait for the promise, so the refusal is thrown when it returns.
      broken = reading();
      return new Promise(() => {});
    },
  };
  const assign = tf.Variable.prototype.assign;
  tf.Variable.prototype.assign = () => {
    throw refuse("a step must not assign variables: pass state as an argument and return it");
  };
  Object.assign(engine, hooks);
  active = true;
  try {
    const result = work();
    if (broken) throw broken;
    return result;
  } finally {
    active = false;
    for (const name of Object.keys(hooks)) Reflect.deleteProperty(engine, name);
    tf.Variable.prototype.assign = assign;
  }
}
