import type { WeightSource } from "../../weights/mod.ts";
import { type MemoryEstimate, memoryEstimate, type NetworkRun } from "../memory_estimate.ts";
import type { UnetConfig } from "./config.ts";

/** What is to be run. */
export interface UnetRun extends NetworkRun {
  /** Latents of a sample. */
  readonly cells: number;
}

/**
 * What is alive together at the height of a block: so many maps of its level's width, attention scores that are made at a
 * time, and float32 copies of the largest kernel, in the layouts of tfjs and of the convolution. Fitted to measured peaks of
 * SD1.5 at full width, 32 x 32 and 64 x 64 latents, float32 and bfloat16.
 */
const FORWARD = { maps: 30, scores: 0.7, kernels: 3 }, BACKWARD = { maps: 40, scores: 1, kernels: 6 };
/** Attention scores that are made at a time. */
const SCORES = 2 ** 26;

/**
 * Estimate the memory of a UNet before anything is loaded: the skip connections, or in a training what all blocks keep, the
 * inside of the largest block, and its kernels.
 *
 * @param config Widths and depths.
 * @param tensors Of the checkpoint, as they will be held.
 * @param run What is to be run.
 */
export function estimateUnet(config: UnetConfig, tensors: WeightSource["tensors"], run: UnetRun): MemoryEstimate {
  const { batch, cells, trainedValues = 0, checkpointing = true } = run, training = trainedValues > 0;
  const maps = config.widths.map((width, level) => 4 * batch * cells / 4 ** level * width);
  const blocks = (level: number) => training ? (2 * config.layers + 1) * (1 + config.depths[level]) : config.layers + 1;
  const buffers = training ? BACKWARD : FORWARD, each = training && !checkpointing ? BACKWARD.maps : 1;
  const rows = config.heads.map((heads, level) =>
    config.depths[level] > 0 ? batch * heads * (cells / 4 ** level) ** 2 : 0
  );
  const inside = each > 1 ? 0 : buffers.maps * Math.max(...maps);
  const kernels = Object.values(tensors).filter(({ shape }) => shape.length === 4).map(({ shape, dtype }) => {
    // A bfloat16 kernel is expanded first.
    const copies = buffers.kernels * (dtype === "bfloat16" ? 4 / 3 : 1);
    return shape.reduce((size, length) => size * length, 4 * copies);
  });
  return memoryEstimate(tensors, run, "resident", {
    activations: inside + 4 * buffers.scores * Math.min(SCORES, Math.max(...rows)),
    "kernels in use": Math.max(0, ...kernels),
    "maps of all blocks": maps.reduce((sum, bytes, level) => sum + bytes * blocks(level) * each, 0),
  });
}
