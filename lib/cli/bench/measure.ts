import { EngineError, StoppedError } from "../../core/mod.ts";
import type { Runner, Turn } from "./runner.ts";

/** A runner with its name. */
export interface Contender {
  /** For rows and messages, such as "traced"; empty where there is only one of ours. */
  readonly name: string;
  /** What is measured. */
  readonly runner: Runner;
}

/** What was measured of a contender. */
export interface Measurement {
  /** Of the contender. */
  readonly name: string;
  /** The first turn: what it computed, and its time with tracing or warming up. */
  readonly first: Turn;
  /** Shortest of the later turns: other work on the machine can only make a turn longer. */
  readonly bestMs: number;
  /** Turns that `bestMs` is the shortest of. */
  readonly turns: number;
}

/** Largest relative difference of a number between two that compute the same in float32. */
export const AGREEMENT = 1e-3;

/** Largest relative difference of a number, all alike or by name. */
export type Tolerance = number | ((number: string) => number);

const SLOW_MS = 3000, SLOW_ROUNDS = 3;

/**
 * Measure contenders in turns, so that other work on the machine meets all of them alike.
 *
 * @param contenders Compute the same of the same.
 * @param rounds Turns of each after its first, at least 1; at most 3 where a turn takes longer than 3 s.
 * @param options.onFirst Called after the first turn of each.
 * @param options.signal Ends the measurement after the turn under way.
 * @returns In the order of the contenders.
 * @throws {StoppedError} If the signal ended it.
 */
export async function measureInTurns(
  contenders: readonly Contender[],
  rounds: number,
  options: { onFirst?: (name: string, turn: Turn) => void; signal?: AbortSignal } = {},
): Promise<Measurement[]> {
  const measured: { name: string; runner: Runner; first: Turn; times: number[] }[] = [];
  const run = async (runner: Runner): Promise<Turn> => {
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
  return measured.map(({ name, first, times }) => ({ name, first, bestMs: Math.min(...times), turns: times.length }));
}

/**
 * Compare what contenders computed in their first turn with the last of them.
 *
 * @param measurements At least one.
 * @param tolerance Largest relative difference of any number, or of the number of a name.
 * @returns The largest relative difference found.
 * @throws {EngineError} If it exceeds the tolerance: times of different computations say nothing.
 */
export function requireAgreement(
  measurements: readonly Measurement[],
  tolerance: Tolerance = AGREEMENT,
): number {
  const limit = typeof tolerance === "number" ? () => tolerance : tolerance;
  const reference = measurements[measurements.length - 1];
  let largest = 0;
  for (const { name, first } of measurements) {
    for (const [number, expected] of Object.entries(reference.first)) {
      if (number === "ms") continue;
      const value = first[number];
      const difference = value === expected ? 0 : Math.abs(value - expected) / Math.abs(expected);
      if (!(difference <= limit(number))) {
        throw new EngineError(
          `Cannot report times as ${
            name || "ours"
          } must have the ${number} of ${reference.name}, ${expected}: current value is ${value}`,
        );
      }
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}
