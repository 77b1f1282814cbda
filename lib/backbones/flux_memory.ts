import type { WeightSource } from "../weights/mod.ts";
import { type FluxConfig, fluxWidth } from "./flux_config.ts";
import { fluxShapes } from "./flux_shapes.ts";
import { type MemoryEstimate, memoryEstimate, type NetworkRun } from "./memory_estimate.ts";

/** What is to be run. */
export interface FluxRun extends NetworkRun {
  /** Tokens of a sample: text, image, and condition where it is appended. */
  readonly tokens: number;
}

/**
 * Buffers that are alive together at the height of a block: so many of the size of its tokens `[B, L, C]` and of the
 * attention scores that are made at a time. Fitted to measured peaks at width 3072: forward 320 to 4,608 tokens; backward
 * 1,536 and 2,816 streamed, 5,120 and 17,408 in one traced step.
 */
const FORWARD = { tokens: 25, scores: 0.7 };
const BACKWARD = { resident: { tokens: 34, scores: 3 }, streamed: { tokens: 44, scores: 3 } };

/** Attention scores that blocked attention makes at a time. */
const SCORES = 2 ** 26;

/** What products of full width take besides: factors in another order. Fitted as well, to 320 tokens and more. */
const WORKSPACE_BYTES = 0.09e9;

/**
 * Estimate the memory of a run before anything is loaded.
 *
 * Training keeps the tokens before each block and runs the block again, unless it is told to keep all of its inside.
 *
 * @param config Widths and depths.
 * @param tensors Of the checkpoint, as they will be held.
 * @param run What is to be run.
 * @param weights Where the blocks' weights are; streamed, blocks are always run again.
 */
export function estimateFlux(
  config: FluxConfig,
  tensors: WeightSource["tensors"],
  run: FluxRun,
  weights: MemoryEstimate["weights"],
): MemoryEstimate {
  const { batch, tokens, trainedValues = 0, checkpointing = true } = run, training = trainedValues > 0;
  const tokenBytes = 4 * batch * tokens * fluxWidth(config), blocks = config.doubleBlocks + config.singleBlocks;
  const scoreBytes = 4 * Math.min(SCORES, batch * config.heads * tokens ** 2);
  const buffers = training ? BACKWARD[weights] : FORWARD;
  const again = checkpointing || weights === "streamed";
  const insides = training && !again ? blocks : 1;
  return memoryEstimate(tensors, run, weights, {
    activations: WORKSPACE_BYTES + insides * (buffers.tokens * tokenBytes + buffers.scores * scoreBytes),
    "tokens before each block": training && again ? blocks * tokenBytes : 0,
  });
}

/** The tensors of a checkpoint that holds its matrices as bfloat16, as published ones do. */
export function fluxTensors(config: FluxConfig): WeightSource["tensors"] {
  return Object.fromEntries(
    Object.entries(fluxShapes(config)).map(([name, shape]) => {
      const kind = shape.length > 1
        ? { stored: "BF16", dtype: "bfloat16", size: 2 } as const
        : { stored: "F32", dtype: "float32", size: 4 } as const;
      const { stored, dtype, size } = kind;
      return [name, { shape, stored, dtype, bytes: shape.reduce((product, length) => product * length, size) }];
    }),
  );
}
