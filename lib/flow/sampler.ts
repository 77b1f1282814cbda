import { tf } from "../engine/mod.ts";
import { axes, StoppedError, tensorScope } from "../core/mod.ts";
import type { VelocityField } from "../backbones/mod.ts";
import { checkSteps, PAPER_STEPS } from "./integrate.ts";
import { solverStep } from "./solver_step.ts";
import { euler, type Solver } from "./solvers.ts";

/** What to sample. */
export interface SampleRequest {
  /** Noise, one image per sample. `[N, H, W, C]` */
  readonly x0: tf.Tensor4D;
  /** Conditions. `[N, H, W, C]` */
  readonly c: tf.Tensor4D;
  /** Solver steps. Default 28, the paper's. */
  readonly steps?: number;
  /**
   * Rising times that the steps begin and end at, one more than steps; the last is 1. Default: equal steps from 0. The
   * noise `x0` stands at the first.
   */
  readonly times?: readonly number[];
  /** Images in one call of the network. Default 16. */
  readonly batchSize?: number;
  /** Stops the sampling after the current step. */
  readonly signal?: AbortSignal;
  /** Called after every step with the steps done and the steps in all. */
  readonly onStep?: (done: number, total: number) => void;
}

/** A traced solver step, reused for every step, step count and batch of the same size. */
export interface Sampler extends Disposable {
  /**
   * Sample images in batches; the arguments stay the caller's, the result is new.
   *
   * @returns The states at t = 1, not clipped. `[N, H, W, C]`
   * @throws {RangeError} If shapes disagree, steps or batch size are not positive integers, or times do not fit.
   * @throws {StoppedError} If the signal was raised.
   */
  sample(request: SampleRequest): Promise<tf.Tensor4D>;
}

/**
 * Trace a solver step of a velocity field, for sampling many images.
 *
 * The parameters behind the field must live until the sampler is disposed. A field that has to be awaited is not traced.
 *
 * @param field Velocity to follow.
 * @param solver `euler` (default), `midpoint` or `heun`; for a network that predicts the noise `ddim` or `eulerDiscrete`.
 */
export function traceSampler(field: VelocityField, solver: Solver = euler): Sampler {
  const step = solverStep(field, solver);
  return {
    async sample({ x0, c, times, steps = times ? times.length - 1 : PAPER_STEPS, batchSize = 16, signal, onStep }) {
      const { N } = axes([x0, "N H W C"], [c, "N I J D"]);
      checkSteps(steps);
      if (times) checkTimes(times, steps);
      checkBatchSize(batchSize);
      const size = Math.min(batchSize, N);
      const total = Math.ceil(N / size) * steps;
      using scope = tensorScope();
      const parts: tf.Tensor4D[] = [];
      for (let first = 0; first < N; first += size) {
        using batch = tensorScope();
        // The last window overlaps the one before, so that every call has the traced shape.
        const start = Math.min(first, N - size);
        const condition = batch.own(rows(c, start, size));
        let x = batch.own(rows(x0, start, size));
        for (let k = 0; k < steps; k++) {
          const done = (first / size) * steps + k;
          if (signal?.aborted) {
            throw new StoppedError(
              `Cannot finish sampling as it was asked to stop: current value is step ${done} of ${total}`,
            );
          }
          using inputs = tensorScope();
          inputs.own(x);
          batch.keep(x);
          const [t, dt] = times ? [times[k], times[k + 1] - times[k]] : [k / steps, 1 / steps];
          x = batch.own(await step.take(x, inputs.own(tf.scalar(t)), inputs.own(tf.scalar(dt)), condition));
          onStep?.(done + 1, total);
        }
        parts.push(scope.own(rows(x, first - start, size - (first - start))));
      }
      return tf.concat(parts);
    },
    [Symbol.dispose]: () => step[Symbol.dispose](),
  };
}

/** One sampling with a solver step of its own; see {@link traceSampler}. */
export async function sample(
  { field, solver, ...request }: SampleRequest & { readonly field: VelocityField; readonly solver?: Solver },
): Promise<tf.Tensor4D> {
  using sampler = traceSampler(field, solver);
  return await sampler.sample(request);
}

function rows(x: tf.Tensor4D, start: number, count: number): tf.Tensor4D {
  return x.slice([start, 0, 0, 0], [count, -1, -1, -1]);
}

/**
 * Check the times of a sampling.
 *
 * @throws {RangeError} If they do not rise from at least 0 to 1 in so many steps.
 */
export function checkTimes(times: readonly number[], steps: number): void {
  const rising = times.every((t, k) => t >= 0 && (k === 0 || t > times[k - 1]));
  if (times.length !== steps + 1 || times[steps] !== 1 || !rising) {
    throw new RangeError(
      `Cannot sample images as ${steps + 1} times must rise from at least 0 to 1: current value is ${times.join(", ")}`,
    );
  }
}

function checkBatchSize(batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot sample images as the batch size must be a positive integer: current value is ${batchSize}`,
    );
  }
}
