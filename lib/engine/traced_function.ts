import type * as tf from "./tf.ts";
import { cName } from "./c_text.ts";
import { inScope } from "./engine_state.ts";
import type { RecordedFunction } from "./graph_recorder.ts";
import type { NativeBackend } from "./native_backend.ts";
import type { OpCall } from "./op_runner.ts";
import { withTraceRules } from "./trace_rules.ts";
import { flatten, type TensorTree, unflatten } from "./tree.ts";

let functionCount = 0;

/** A step recorded for one combination of shapes and types. */
export class TracedFunction<R extends TensorTree> {
  readonly #backend: NativeBackend;
  readonly #step: string;
  readonly #recorded: RecordedFunction;
  readonly #like: R;

  private constructor(backend: NativeBackend, step: string, recorded: RecordedFunction, like: R) {
    this.#backend = backend;
    this.#step = step;
    this.#recorded = recorded;
    this.#like = like;
  }

  /** Records `fn`, which sees stand-ins of its arguments that have shapes and types but no values. */
  static record<A extends TensorTree[], R extends TensorTree>(
    backend: NativeBackend,
    step: string,
    fn: (...args: A) => R,
    args: A,
    leaves: readonly tf.Tensor[],
  ): TracedFunction<R> {
    const { engine } = backend;
    const ids = backend.idsOf([...leaves]);
    let like: R | undefined;
    let recorded: RecordedFunction | undefined;
    engine.recording((recorder) =>
      inScope(() => {
        const standIns = ids.map((id) => {
          const { shape, dtype } = engine.handles.describe(id);
          return backend.createOutputTensor(recorder.argument(shape, dtype));
        });
        withTraceRules(step, standIns, () => {
          like = fn(...unflatten(args, standIns));
          const results = flatten(like, `the result of ${step}`).leaves;
          recorded = recorder.finish(`asasr_${functionCount++}`, backend.idsOf(results));
        });
        return [];
      })
    );
    return new TracedFunction(backend, step, recorded!, like!);
  }

  /** Number of operations and of captured tensors. */
  get size(): { nodes: number; captures: number } {
    return { nodes: this.#recorded.nodes, captures: this.#recorded.captures.length };
  }

  /** Runs the function. The caller owns the results. */
  run(leaves: tf.Tensor[]): R {
    return this.#results(this.#backend.engine.runner.run(this.#call(leaves)));
  }

  /** Runs the function on another thread. The caller owns the results. */
  async runInBackground(leaves: tf.Tensor[]): Promise<R> {
    return this.#results(await this.#backend.engine.runner.runInBackground(this.#call(leaves)));
  }

  /** Removes the function from the context. */
  dispose(): void {
    const { api, context, checked } = this.#backend.engine.tensorflow;
    checked((status) => api.TFE_ContextRemoveFunction(context, cName(this.#recorded.name), status));
  }

  #call(leaves: tf.Tensor[]): OpCall {
    const { engine } = this.#backend;
    const { name, captures, outputs } = this.#recorded;
    const gone = captures.find((id) => !engine.handles.has(id));
    if (gone !== undefined) {
      throw new Error(`Cannot run ${this.#step} as the tensors it closes over must exist: one was disposed`);
    }
    const inputs = [...this.#backend.idsOf(leaves), ...captures].map((id) => engine.handles.pointer(id));
    return { name, attributes: [], inputs, outputs };
  }

  #results(pointers: Deno.PointerValue[]): R {
    const made = pointers.map((pointer) => this.#backend.createOutputTensor(this.#backend.engine.handles.add(pointer)));
    const given = new Set<number>();
    const leaves = this.#recorded.selection.map((output) => {
      if (given.has(output)) return made[output].clone();
      given.add(output);
      return made[output];
    });
    return unflatten(this.#like, leaves);
  }
}
