import { EngineError, StoppedError } from "../../core/mod.ts";
import type { StepNumbers, StepRunner } from "./runner.ts";

/** A runner with its name. */
export interface Contender {
  /** For rows and messages, such as "traced". */
  readonly name: string;
  /** What is measured. */
  readonly runner: StepRunner;
}

/** What was measured of a contender. */
export interface Measurement {
  /** Of the contender. */
  readonly name: string;
  /** The first step: what it computed, and its time with tracing or warming up. */
  readonly first: StepNumbers;
  /** Shortest of the later steps: other work on the machine can only make a step longer. */
  readonly bestMs: number;
  /** Steps that `bestMs` is the shortest of. */
  readonly steps: number;
}

/** Largest relative difference of loss and gradient norm between two that compute the same. */
export const AGREEMENT = 1e-3;

const SLOW_MS = 3000, SLOW_ROUNDS = 3;

/**
 * Measure contenders in turns, one step each, so that other work on the machine meets all of them alike.
 *
 * @param contenders Train the same state on the same batch.
 * @param rounds Steps of each after its first, at least 1; at most 3 where a step takes longer than 3 s.
 * @param options.onFirst Called after the first step of each.
 * @param options.signal Ends the measurement after the step under way.
 * @returns In the order of the contenders.
 * @throws {StoppedError} If the signal ended it.
 */
export async function measureInTurns(
  contenders: readonly Contender[],
  rounds: number,
  options: { onFirst?: (name: string, step: StepNumbers) => void; signal?: AbortSignal } = {},
): Promise<Measurement[]> {
  const measured: { name: string; runner: StepRunner; first: StepNumbers; times: number[] }[] = [];
  const run = async (runner: StepRunner): Promise<StepNumbers> => {
    if (options.signal?.aborted) throw new StoppedError("Stopped before there was a result");
    return await runner.run();
  };
  for (const { name, runner } of contenders) {
    const first = await run(runner);
    options.onFirst?.(name, first);
    measured.push({ name, runner, first, times: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { runner, times } of measured) {
      if (round >= SLOW_ROUNDS && Math.min(...times) > SLOW_MS) continue;
      times.push((await run(runner)).ms);
    }
  }
  return measured.map(({ name, first, times }) => ({ name, first, bestMs: Math.min(...times), steps: times.length }));
}

/**
 * Compare what contenders computed in their first step with the last of them.
 *
 * @param measurements At least one.
 * @param limit Largest relative difference.
 * @returns The largest relative difference of loss and gradient norm.
 * @throws {EngineError} If it exceeds the limit: times of different computations say nothing.
 */
export function requireAgreement(measurements: readonly Measurement[], limit: number = AGREEMENT): number {
  const reference = measurements[measurements.length - 1];
  let largest = 0;
  for (const { name, first } of measurements) {
    for (const number of ["loss", "gradientNorm"] as const) {
      const value = first[number], expected = reference.first[number];
      const difference = Math.abs(value - expected) / Math.abs(expected);
      if (!(difference <= limit)) {
        throw new EngineError(
          `Cannot report times as ${name} must have the ${number} of ${reference.name}, ${expected}: current value is ${value}`,
        );
      }
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}
