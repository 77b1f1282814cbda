import { tf } from "../engine/mod.ts";
import type { Params } from "../core/mod.ts";
import type { Network, StreamedBackbone, VelocityField } from "../backbones/mod.ts";

/** A value of a field, with the way back from it where its adapter is trained; disposing it frees both. */
export interface AwaitedValue extends Disposable {
  /** `[B, H, W, C]` */
  readonly velocity: tf.Tensor4D;
  /** From the gradient by the velocity to those of the trained factors. */
  readonly pullback?: (gradient: tf.Tensor4D) => Promise<Params>;
}

/** Finds a value; with the way back if these are the factors that are trained. */
type Evaluate = (
  inputs: readonly [xt: tf.Tensor4D, t: tf.Tensor1D, c: tf.Tensor4D],
  trained: Params | undefined,
) => Promise<AwaitedValue>;

const awaitedFields = new WeakSet<VelocityField>();
let current: { readonly velocities: readonly tf.Tensor4D[]; next: number } | undefined;

/** Thrown out of a computation at a value that is not known yet. */
class Unknown extends Error {
  constructor(readonly evaluate: Evaluate, readonly inputs: [tf.Tensor4D, tf.Tensor1D, tf.Tensor4D]) {
    super("a value of a field is to be awaited");
  }
}

/** Whether the values of a field have to be awaited, so that it is called inside of a {@linkcode Replay} alone. */
export function isAwaited(field: VelocityField): boolean {
  return awaitedFields.has(field);
}

/**
 * Make a network of one whose weights are streamed: samplers, losses and trainers take its fields as they take others.
 *
 * @param streamed Must live as long as the fields.
 * @returns Its `velocity` ignores the parameters, which it reads itself.
 */
export function awaitedNetwork(streamed: StreamedBackbone): Network {
  return {
    name: streamed.name,
    targets: streamed.targets,
    velocity(_params, adapters = []): VelocityField {
      const evaluate: Evaluate = async ([xt, t, c], trained) => {
        if (trained !== undefined && adapters.at(-1)?.params === trained) {
          const pass = await streamed.differentiable(adapters)(xt, t, c);
          const pullback = (gradient: tf.Tensor4D) => pass.pullback(gradient);
          return { velocity: pass.velocity, pullback, [Symbol.dispose]: () => pass[Symbol.dispose]() };
        }
        const velocity = await streamed.velocity(adapters)(xt, t, c);
        return { velocity, [Symbol.dispose]: () => velocity.dispose() };
      };
      const field: VelocityField = (xt, t, c) => {
        if (current === undefined) {
          throw new RangeError(
            `Cannot evaluate ${streamed.name} at once as its weights are streamed: its values must be awaited`,
          );
        }
        const known = current.velocities.at(current.next++);
        if (known !== undefined) return known.clone();
        throw new Unknown(evaluate, [tf.keep(xt.clone()), tf.keep(t.clone()), tf.keep(c.clone())]);
      };
      awaitedFields.add(field);
      return field;
    },
  };
}

/**
 * Runs a synchronous computation on fields that have to be awaited: up to the first value that is not known, which is then
 * awaited, and again from its beginning, until every value is. So what is written for a `VelocityField`, be it a solver or
 * a loss, needs no second form. It owns the values.
 */
export class Replay implements Disposable {
  readonly #trained: Params | undefined;
  readonly #values: AwaitedValue[] = [];

  /**
   * Begin without values.
   *
   * @param trained Factors by which the computation is to be differentiated, as its fields got them.
   */
  constructor(trained?: Params) {
    this.#trained = trained;
  }

  /** What the computation asked for so far, in its order. */
  get values(): readonly AwaitedValue[] {
    return this.#values;
  }

  /**
   * Run a computation to its end.
   *
   * @param compute Pure: the same calls of fields with the same inputs, as often as it is run; it frees what it makes, as
   * `tf.tidy` does, also when it is left by an error.
   */
  async run<R>(compute: () => R): Promise<R> {
    while (true) {
      try {
        return this.attempt(compute);
      } catch (reason) {
        if (!(reason instanceof Unknown)) throw reason;
        try {
          this.#values.push(await reason.evaluate(reason.inputs, this.#trained));
        } finally {
          tf.dispose(reason.inputs);
        }
      }
    }
  }

  /**
   * Run a computation once.
   *
   * @param velocities What its fields return; by default the values known so far.
   */
  attempt<R>(compute: () => R, velocities: readonly tf.Tensor4D[] = this.#values.map((value) => value.velocity)): R {
    const outer = current;
    current = { velocities, next: 0 };
    try {
      return compute();
    } finally {
      current = outer;
    }
  }

  /** Free the values. */
  [Symbol.dispose](): void {
    for (const value of this.#values) value[Symbol.dispose]();
  }
}
