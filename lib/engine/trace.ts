import * as tf from "@tensorflow/tfjs";
import { nativeBackend } from "./current.ts";
import { inScope } from "./engine_state.ts";
import { TracedFunction } from "./traced_function.ts";
import { withTraceRules } from "./trace_rules.ts";
import { flatten, type TensorTree, unflatten } from "./tree.ts";

/** What is known of a traced step. */
export interface TraceInfo {
  /** Operations in the graph of the last trace; 0 on wasm. */
  readonly nodes: number;
  /** Tensors that the last trace closes over. */
  readonly captures: number;
  /** Time of the last trace. */
  readonly traceMs: number;
  /** How often the step was traced: once for every combination of structure, shapes and types of its arguments. */
  readonly traces: number;
}

/** A step that TensorFlow runs as one function. The caller owns arguments and results. */
export interface Traced<A extends TensorTree[], R extends TensorTree> {
  /** Runs the step while the event loop goes on. Its arguments may be disposed as soon as this returns its promise. */
  (...args: A): Promise<R>;
  /** Runs the step and waits. Inside another trace, the step becomes a part of it. */
  sync(...args: A): R;
  /** Frees the recorded functions. */
  dispose(): void;
  readonly info: TraceInfo;
}

/**
 * Makes one TensorFlow function of a step written with tfjs.
 *
 * The step is recorded at the first call, and again whenever structure, shapes or types of its arguments differ from all
 * calls before; gradients taken inside it are recorded too. It must be pure: no reading of values, no random numbers, no
 * variables, nothing that depends on data. Tensors that it closes over are read anew at each call and must still exist.
 * On wasm the step runs eagerly, under the same rules.
 *
 * @param fn Step: trees of tensors to a tree of tensors. Must not be an async function.
 * @param options.name Name for messages.
 * @throws {TypeError} If `fn` is an async function.
 */
export function trace<A extends TensorTree[], R extends TensorTree>(
  fn: (...args: A) => R,
  options: { name?: string } = {},
): Traced<A, R> {
  const name = options.name ?? (fn.name || "step");
  if (fn.constructor.name !== "Function") {
    throw new TypeError(
      `Cannot trace ${name} as a step must be a plain function: current value is ${fn.constructor.name}`,
    );
  }
  const functions = new Map<string, TracedFunction<R>>();
  const info = { nodes: 0, captures: 0, traceMs: 0, traces: 0 };

  const run = (args: A): Run<R> => {
    const { leaves, structure } = flatten(args, `the arguments of ${name}`);
    const backend = nativeBackend();
    if (backend === undefined) return { eager: () => runEagerly(name, fn, args, leaves) };
    if (backend.engine.recorder) return { eager: () => fn(...args) };
    const key = `${structure} ${leaves.map((leaf) => `${leaf.dtype}[${leaf.shape}]`).join(" ")}`;
    let traced = functions.get(key);
    if (traced === undefined) {
      const started = performance.now();
      traced = TracedFunction.record(backend, name, fn, args, leaves);
      functions.set(key, traced);
      Object.assign(info, traced.size, { traceMs: performance.now() - started, traces: info.traces + 1 });
    }
    return { traced, leaves };
  };

  const call = async (...args: A): Promise<R> => {
    const step = run(args);
    if ("eager" in step) {
      if (nativeBackend()?.engine.recorder) {
        throw new Error(`Cannot trace a step that calls ${name} as it must be called with .sync() there`);
      }
      return step.eager();
    }
    return await step.traced.runInBackground(step.leaves);
  };
  const sync = (...args: A): R => {
    const step = run(args);
    return "eager" in step ? step.eager() : step.traced.run(step.leaves);
  };
  const dispose = () => {
    for (const traced of functions.values()) traced.dispose();
    functions.clear();
  };
  return Object.assign(call, { sync, dispose, info });
}

type Run<R extends TensorTree> = { eager: () => R } | { traced: TracedFunction<R>; leaves: tf.Tensor[] };

function runEagerly<A extends TensorTree[], R extends TensorTree>(
  name: string,
  fn: (...args: A) => R,
  args: A,
  leaves: tf.Tensor[],
): R {
  let like: R | undefined;
  const results = inScope(() =>
    withTraceRules(name, leaves, () => {
      like = fn(...args);
      // A result of its own for each leaf, even where the step returns an argument or one tensor twice.
      return flatten(like, `the result of ${name}`).leaves.map((leaf) => leaf.clone());
    })
  );
  return unflatten(like!, results);
}
