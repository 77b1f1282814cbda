import type { Backbone } from "../../backbones/mod.ts";
import type { PairSet } from "../../dataset/mod.ts";
import type { Settings } from "../schema/mod.ts";
import type { StageStore } from "../stage.ts";

/** What every stage of a run needs. */
export interface RunContext {
  readonly settings: Settings;
  readonly store: StageStore;
  readonly backbone: Backbone;
  readonly train: PairSet;
  readonly validation: PairSet;
  readonly test: PairSet;
  /** Hash of the source images, crops, degradations and settings that the sets were made from. */
  readonly dataHash: string;
  readonly signal: AbortSignal;
  /** Seconds between two checkpoints of a training. */
  readonly checkpointSeconds: number;
}
