/** A step that is measured. */
export type StepName = "sft" | "asdpo";

/** What a step took and what it computed. */
export interface StepNumbers {
  /** Wall-clock time, reading back loss and norm included. */
  readonly ms: number;
  /** Before the update. */
  readonly loss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
}

/** A training that goes on by one step at a time, from a fixed state on one batch. */
export interface StepRunner {
  /** Train one step. */
  run(): Promise<StepNumbers>;
  /** Free what it holds. */
  close(): Promise<void>;
}
