/** A training step that is measured. */
export type StepName = "sft" | "asdpo";

/** What a turn took and what it computed: all that compute the same have the same names. */
export interface Turn {
  /** Wall-clock time, reading results back included. */
  readonly ms: number;
  /** What was computed. */
  readonly [number: string]: number;
}

/** What a training step took and what it computed. */
export interface StepNumbers extends Turn {
  /** Before the update. */
  readonly loss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
}

/** Work that is done again and again: a training that goes on by a step, or the same images once more. */
export interface Runner<Numbers extends Turn = Turn> {
  /** Do it once. */
  run(): Promise<Numbers>;
  /** Free what it holds. */
  close(): Promise<void>;
}
