import type * as tf from "./tf.ts";
import { isBfloat16 } from "./bfloat16.ts";
import { nativeBackend } from "./current.ts";
import { inScope } from "./engine_state.ts";
import type { NativeBackend } from "./native_backend.ts";
import { tracing, withTraceRules } from "./trace_rules.ts";
import { TracedFunction } from "./traced_function.ts";
import { flatten, type Flattened, type TensorTree, unflatten } from "./tree.ts";

/** What is known of a traced step; all numbers are 0 on wasm. */
export interface TraceInfo {
  /** Operations in the graph of the last trace. */
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
  /** Frees the recorded functions; a call that is still under way may be rejected. */
  dispose(): void;
  /** Sizes and times so far. */
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

  const recorded = (backend: NativeBackend, args: A, { leaves, structure }: Flattened): TracedFunction<R> => {
    const typeOf = (leaf: tf.Tensor) => isBfloat16(leaf) ? "bfloat16" : leaf.dtype;
    const key = `${structure} ${leaves.map((leaf) => `${typeOf(leaf)}[${leaf.shape}]`).join(" ")}`;
    const known = functions.get(key);
    if (known !== undefined) return known;
    const started = performance.now();
    const made = TracedFunction.record(backend, name, fn, args, leaves);
    functions.set(key, made);
    Object.assign(info, made.size, { traceMs: performance.now() - started, traces: info.traces + 1 });
    return made;
  };

  const call = (...args: A): Promise<R> => {
    if (tracing()) throw new Error(`Cannot call ${name} inside a trace as a promise has no value there: use .sync()`);
    return start(args);
  };
  const start = async (args: A): Promise<R> => {
    const flat = flatten(args, `the arguments of ${name}`);
    const backend = nativeBackend();
    if (backend === undefined) return runEagerly(name, fn, args, flat.leaves);
    return await recorded(backend, args, flat).runInBackground(flat.leaves);
  };
  const sync = (...args: A): R => {
    if (tracing()) return fn(...args);
    const flat = flatten(args, `the arguments of ${name}`);
    const backend = nativeBackend();
    if (backend === undefined) return runEagerly(name, fn, args, flat.leaves);
    return recorded(backend, args, flat).run(flat.leaves);
  };
  const dispose = () => {
    for (const traced of functions.values()) traced.dispose();
    functions.clear();
  };
  return Object.assign(call, { sync, dispose, info });
}

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
