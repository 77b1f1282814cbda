import type { WeightSource } from "../../weights/mod.ts";
import { type MemoryEstimate, memoryEstimate, type NetworkRun } from "../memory_estimate.ts";
import type { UnetConfig } from "./config.ts";

/** What is to be run. */
export interface UnetRun extends NetworkRun {
  /** Latents of a sample. */
  readonly cells: number;
}

/** Maps of a level's width that its largest block holds at once: forward, and forward and back. */
const FORWARD = 30, BACKWARD = 40;
/** Attention scores that are made at a time, and copies of them. */
const SCORES = 2 ** 26, SCORE_COPIES = 3;

/**
 * Estimate the memory of a UNet before anything is loaded: the skip connections, or in a training what all blocks keep, and
 * the inside of the largest block.
 *
 * @param config Widths and depths.
 * @param tensors Of the checkpoint, as they will be held.
 * @param run What is to be run.
 */
export function estimateUnet(config: UnetConfig, tensors: WeightSource["tensors"], run: UnetRun): MemoryEstimate {
  const { batch, cells, trainedValues = 0, checkpointing = true } = run, training = trainedValues > 0;
  const maps = config.widths.map((width, level) => 4 * batch * cells / 4 ** level * width);
  const blocks = (level: number) => training ? (2 * config.layers + 1) * (1 + config.depths[level]) : config.layers + 1;
  const each = training && !checkpointing ? BACKWARD : 1;
  const rows = config.heads.map((heads, level) =>
    config.depths[level] > 0 ? batch * heads * (cells / 4 ** level) ** 2 : 0
  );
  const inside = each > 1 ? 0 : (training ? BACKWARD : FORWARD) * Math.max(...maps);
  return memoryEstimate(tensors, run, "resident", {
    activations: inside + 4 * SCORE_COPIES * Math.min(SCORES, Math.max(...rows)),
    "maps of all blocks": maps.reduce((sum, bytes, level) => sum + bytes * blocks(level) * each, 0),
  });
}
