import type { Artifacts } from "./artifacts.ts";
import type { TrainSettings, TrainStage } from "./settings.ts";

/** What to train, on what, and where to. */
export interface TrainRequest {
  /** Resolved. */
  readonly settings: TrainSettings;
  /** Folder of the frozen weights. */
  readonly checkpoint: string;
  /** Which steps of the procedure; they run in its order. */
  readonly stages: readonly TrainStage[];
  /** Folders of photographs, or of pairs. */
  readonly data: readonly string[];
  /** What the adversary imitates; null where none is trained. */
  readonly artifacts: Artifacts | null;
  /** Adapters of earlier stages, where they are not in `out`. */
  readonly given?: { readonly sft?: string; readonly adversary?: string };
  /** Each stage has a folder in it. */
  readonly out: string;
  /** Raised to stop cleanly after the current step. */
  readonly signal: AbortSignal;
  /** Seconds between two checkpoints of a training: what a kill -9 can cost it. 60 by default. */
  readonly checkpointSeconds?: number;
  /** Bytes that the training may take; by default what the host has free, and no limit for an accelerator. */
  readonly memoryLimit?: number;
  /**
   * Where the weights of FLUX's blocks are; by default where they were when the training began, or in the engine if they
   * fit there, else streamed.
   */
  readonly weights?: "resident" | "streamed";
  /** The command that goes on with the training: `deno task status` lists it only with this. */
  readonly command?: string;
}
