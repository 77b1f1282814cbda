import type { Curve, Environment } from "../results.ts";

/** Form of the files; raised when what they hold changes. */
export const CELL_FORMAT: ResultCell["format"] = 1;

/** Name of the cell that holds the reference and every training-free control made of it. */
export const CONTROLS = "controls";

/** One point of a cell at its seed: an arm, or the reference under one sampler. */
export interface CellPoint {
  /** `sft`, `sft@8`, ...; `arm` in the cell of an arm, which experiments name differently. */
  readonly id: string;
  /** Network evaluations an image. */
  readonly evaluations: number;
  /** Metric name to one value per test crop. */
  readonly perImage: Readonly<Record<string, readonly number[]>>;
  /** Every metric over the whole set. */
  readonly values: Readonly<Record<string, number>>;
  /** Mean radial power, on the frequencies of the truth. */
  readonly spectrum: readonly number[];
}

/** A training of a cell, thinned. */
export interface CellCurve {
  /** The reference, the adversary of the arm, or the arm itself. */
  readonly role: "sft" | "adversary" | "arm";
  /** Optimizer steps of the values, ascending, from 1. */
  readonly steps: readonly number[];
  /** One value per step and number. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** LoRA rank of the adversary. */
  readonly rank?: number;
  /** For preference arms: what the health gate measured. */
  readonly health?: NonNullable<Curve["health"]>;
}

/**
 * A finished piece of a run, all that the report needs of it: one arm at one seed, or the reference and its training-free
 * controls at one seed. Numbers have 6 significant digits.
 */
export interface ResultCell {
  /** Form of the file. */
  readonly format: 1;
  /** Hash of `inputs`: equal for equal settings, data and code, on every machine. */
  readonly key: string;
  /** What decides the cell. */
  readonly inputs: unknown;
  /** Id of the arm in the experiment that made it, or `controls`. */
  readonly arm: string;
  /** Seed of the reference and of the arm. */
  readonly seed: number;
  /** sha256 of the reference's parameters: cells of a seed are compared only where it is the same. */
  readonly reference: string;
  /** sha256 of the parameters of every other trained network. */
  readonly checkpoints: Readonly<Record<string, string>>;
  /** Hashes of the stages that made it. */
  readonly stages: Readonly<Record<string, string>>;
  /** What it was computed on. */
  readonly environment: Environment;
  /** What was measured. */
  readonly points: readonly CellPoint[];
  /** How the networks were trained. */
  readonly curves: readonly CellCurve[];
}

/** Rounds every fraction in a value to 6 significant digits; whole numbers stay as they are, NaN and infinities too. */
export function roundFractions<T>(value: T): T {
  if (typeof value === "number") {
    return (Number.isInteger(value) || !Number.isFinite(value) ? value : Number(value.toPrecision(6))) as T;
  }
  if (Array.isArray(value)) return value.map(roundFractions) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, roundFractions(item)])) as T;
}
