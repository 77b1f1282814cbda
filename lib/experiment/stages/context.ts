import type { Backbone } from "../../backbones/mod.ts";
import type { PairSet } from "../../dataset/mod.ts";
import type { CellFolders } from "../cells/store.ts";
import type { ReadyMetric } from "../evaluation/open_metrics.ts";
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
  /** SHA-256 of every test photograph. */
  readonly testPhotographs: ReadonlySet<string>;
  /** Hash of the training crops: what trained networks depend on. */
  readonly trainHash: string;
  /** Hash of the test crops: what evaluations depend on. */
  readonly testHash: string;
  /** Perceptual distances that are measured beside the metrics of pixels. */
  readonly perceptual: readonly ReadyMetric[];
  /** Where finished cells are looked for and kept. */
  readonly cells: CellFolders;
  readonly signal: AbortSignal;
  /** Seconds between two checkpoints of a training. */
  readonly checkpointSeconds: number;
}
