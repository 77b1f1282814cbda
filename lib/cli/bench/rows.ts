import type { Measurement } from "./measure.ts";

/** A line of the benchmark, as `--json` prints it. */
export interface BenchRow {
  /** Step and engine, such as "sft traced". */
  readonly name: string;
  /** Time of this project. */
  readonly ours: number;
  /** Time of PyTorch; null where it is not installed. */
  readonly peer: number | null;
  /** Of both times. */
  readonly unit: "ms";
  /** ours / peer: below 1 this project is faster; null without PyTorch. */
  readonly ratio: number | null;
}

/**
 * Set the times of this project beside PyTorch's.
 *
 * @param step Name of the step that all of them trained.
 * @param ours One measurement per engine.
 * @param peer PyTorch's, where it is installed.
 * @returns One row per engine, times to a hundredth of a millisecond.
 */
export function benchRows(step: string, ours: readonly Measurement[], peer?: Measurement): BenchRow[] {
  return ours.map(({ name, bestMs }) => ({
    name: `${step} ${name}`,
    ours: round(bestMs, 2),
    peer: peer ? round(peer.bestMs, 2) : null,
    unit: "ms",
    ratio: peer ? round(bestMs / peer.bestMs, 4) : null,
  }));
}

/**
 * Write rows as cells of a table.
 *
 * @param rows As `benchRows` makes them.
 * @returns Name, both times in milliseconds and their ratio; "–" for what was not measured.
 */
export function benchCells(rows: readonly BenchRow[]): string[][] {
  const ms = (value: number | null) => value === null ? "–" : value.toFixed(value < 100 ? 1 : 0);
  return rows.map(({ name, ours, peer, ratio }) => [name, ms(ours), ms(peer), ratio === null ? "–" : ratio.toFixed(2)]);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
