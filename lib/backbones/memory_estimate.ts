import { formatGibibytes } from "../core/mod.ts";
import type { WeightSource } from "../weights/mod.ts";
import { blockOf } from "./block_stream.ts";

/** What goes through a network at a time. */
export interface NetworkRun {
  /** Samples at a time. */
  readonly batch: number;
  /** Values of all adapters in memory. */
  readonly adapterValues?: number;
  /** Values of the adapter that is trained; 0, the default, for inference. */
  readonly trainedValues?: number;
  /** Whether a training runs blocks again for their gradients; true by default. */
  readonly checkpointing?: boolean;
}

/** Bytes that a run takes at its peak, by what takes them. */
export interface MemoryEstimate {
  /** Where the blocks' weights are. */
  readonly weights: "resident" | "streamed";
  /** Of each part. */
  readonly parts: Readonly<Record<string, number>>;
  /** Sum of the parts. */
  readonly bytes: number;
}

/** Deno with TensorFlow loaded and no tensor: resident size on Linux x86-64 with TensorFlow 2.21.0. */
const PROCESS_BYTES = 0.395e9;

/** Of a trained adapter, beside its values: two moments, the gradients, and what the step makes new of the first three. */
const OPTIMIZER_COPIES = 6;

/**
 * Add up what every network takes, and the weights.
 *
 * Streamed weights count twice, as the next block is read while one computes; slow disks take less.
 *
 * @param tensors Of the checkpoint, as they will be held.
 * @param weights Where the blocks' weights are.
 * @param parts What this network takes besides.
 */
export function memoryEstimate(
  tensors: WeightSource["tensors"],
  { adapterValues = 0, trainedValues = 0 }: NetworkRun,
  weights: MemoryEstimate["weights"],
  parts: Readonly<Record<string, number>>,
): MemoryEstimate {
  const { outer, blocks } = splitWeights(tensors), held = weights === "resident" ? blocks : blocks.slice(0, 2);
  return withParts(weights, {
    process: PROCESS_BYTES,
    "weights of the blocks": held.reduce((sum, bytes) => sum + bytes, 0),
    "other weights": outer,
    ...parts,
    adapters: 4 * adapterValues,
    "gradients and optimizer": 4 * OPTIMIZER_COPIES * trainedValues,
  });
}

/** The same estimate with further parts. */
export function withParts(
  weights: MemoryEstimate["weights"],
  parts: Readonly<Record<string, number>>,
): MemoryEstimate {
  return { weights, parts, bytes: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

/** Bytes of each block of a transformer, the largest first, and of all that belongs to none. */
export function splitWeights(tensors: WeightSource["tensors"]): { outer: number; blocks: number[] } {
  const blocks = new Map<string, number>();
  let outer = 0;
  for (const [name, { bytes }] of Object.entries(tensors)) {
    const block = blockOf(name);
    if (block === undefined) outer += bytes;
    else blocks.set(block, (blocks.get(block) ?? 0) + bytes);
  }
  return { outer, blocks: [...blocks.values()].sort((a, b) => b - a) };
}

/** Says an estimate in one line. */
export function memoryLine({ weights, parts, bytes }: MemoryEstimate): string {
  const listed = Object.entries(parts).filter(([, part]) => part >= SHOWN)
    .map(([name, part]) => `${name} ${formatGibibytes(part)}`);
  const how = weights === "streamed" ? ", the blocks' weights streamed" : "";
  return `memory: about ${formatGibibytes(bytes)}${how} (${listed.join(", ")})`;
}

/** Smaller parts are not listed. */
const SHOWN = 0.02 * 2 ** 30;
