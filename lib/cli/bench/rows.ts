import type { Measurement } from "./measure.ts";

/** What a benchmark's rows have in common. */
export interface RowFacts {
  /** What was measured. */
  readonly title: string;
  /** How much of `unit` a turn did. */
  readonly amount: number;
  /** What times are given for. */
  readonly unit: "step" | "image" | "megapixel";
  /** What the peer stands in for, and why; absent where the peer is the real one. */
  readonly standsFor?: string;
}

/** A line of the benchmark, as `--json` prints it. */
export interface BenchRow {
  /** Benchmark and engine, such as "sft traced". */
  readonly name: string;
  /** Time of this project. */
  readonly ours: number;
  /** Time of the peer; null where it is not installed. */
  readonly peer: number | null;
  /** Of both times. */
  readonly unit: "ms/step" | "ms/image" | "ms/megapixel";
  /** ours / peer: below 1 this project is faster; null without a peer. */
  readonly ratio: number | null;
  /** Who the peer is, and what it stands in for; null without a peer. */
  readonly against: string | null;
}

/**
 * Set the times of this project beside the peer's.
 *
 * @param facts Title and unit.
 * @param ours One measurement per engine.
 * @param peer The peer's by its full name, where it is installed.
 * @returns One row per engine, times to a hundredth of a millisecond.
 */
export function benchRows(facts: RowFacts, ours: readonly Measurement[], peer?: Measurement): BenchRow[] {
  const { title, amount, unit, standsFor } = facts;
  return ours.map(({ name, bestMs }) => ({
    name: `${title} ${name}`.trim(),
    ours: round(bestMs / amount, 2),
    peer: peer ? round(peer.bestMs / amount, 2) : null,
    unit: `ms/${unit}` as const,
    ratio: peer ? round(bestMs / peer.bestMs, 4) : null,
    against: peer ? peer.name + (standsFor ? `: a stand-in for ${standsFor}` : "") : null,
  }));
}

/**
 * Write rows as cells of a table.
 *
 * @param rows As `benchRows` makes them.
 * @returns Name, both times, their unit, how much of it a second takes, and the ratio; "–" for what was not measured.
 */
export function benchCells(rows: readonly BenchRow[]): string[][] {
  const ms = (value: number | null) => value === null ? "–" : value.toFixed(value < 100 ? 1 : 0);
  const perSecond = (value: number | null) => value === null ? "–" : (1000 / value).toFixed(1);
  return rows.map(({ name, ours, peer, unit, ratio }) => [
    name,
    ms(ours),
    ms(peer),
    unit,
    perSecond(ours),
    perSecond(peer),
    ratio === null ? "–" : ratio.toFixed(2),
  ]);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
