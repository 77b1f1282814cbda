import { formatGigabytes, RefusedError } from "../core/mod.ts";
import type { WeightSource } from "../weights/mod.ts";
import { blockOf } from "./block_stream.ts";
import { type FluxConfig, fluxWidth } from "./flux_config.ts";
import { fluxName } from "./flux_field.ts";

/** What is to be run. */
export interface FluxRun {
  /** Samples at a time. */
  readonly batch: number;
  /** Tokens of a sample: text, image, and condition where it is appended. */
  readonly tokens: number;
  /** Values of all adapters in memory. */
  readonly adapterValues?: number;
  /** Values of the adapter that is trained; 0, the default, for inference. */
  readonly trainedValues?: number;
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

/**
 * Buffers that are alive together at the height of a block: so many of the size of its tokens `[B, L, C]` and of its
 * attention scores `[B, heads, L, L]`. Fitted to measured peaks at width 3072: forward 320 to 2,560 tokens, backward 1,536.
 */
const FORWARD = { tokens: 27, scores: 0.7 }, BACKWARD = { tokens: 47, scores: 3 };

/** What products of full width take besides: factors in another order. Fitted as well, to 320 tokens and more. */
const WORKSPACE_BYTES = 0.09e9;

/**
 * Estimate the memory of a run before anything is loaded.
 *
 * Streamed weights count twice, as the next block is read while one computes; slow disks take less. Training keeps the
 * tokens before each block and runs the block again.
 *
 * @param config Widths and depths.
 * @param tensors Of the checkpoint, as they will be held.
 * @param run What is to be run.
 * @param weights Where the blocks' weights are.
 */
export function estimateFlux(
  config: FluxConfig,
  tensors: WeightSource["tensors"],
  run: FluxRun,
  weights: MemoryEstimate["weights"],
): MemoryEstimate {
  const blocks = new Map<string, number>();
  let outer = 0;
  for (const [name, { bytes }] of Object.entries(tensors)) {
    const block = blockOf(name);
    if (block === undefined) outer += bytes;
    else blocks.set(block, (blocks.get(block) ?? 0) + bytes);
  }
  const sizes = [...blocks.values()].sort((a, b) => b - a);
  const held = weights === "resident" ? sizes : sizes.slice(0, 2);
  const { batch, tokens, adapterValues = 0, trainedValues = 0 } = run;
  const tokenBytes = 4 * batch * tokens * fluxWidth(config), scoreBytes = 4 * batch * config.heads * tokens ** 2;
  const buffers = trainedValues > 0 ? BACKWARD : FORWARD;
  const parts = {
    process: PROCESS_BYTES,
    "weights of the blocks": held.reduce((sum, bytes) => sum + bytes, 0),
    "other weights": outer,
    activations: WORKSPACE_BYTES + buffers.tokens * tokenBytes + buffers.scores * scoreBytes,
    "tokens before each block": trainedValues > 0 ? sizes.length * tokenBytes : 0,
    adapters: 4 * adapterValues,
    "gradients and optimizer": 4 * 3 * trainedValues,
  };
  return { weights, parts, bytes: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0) };
}

/**
 * Decide whether the weights of a run stay in memory or are streamed.
 *
 * @param config Widths and depths.
 * @param tensors Of the checkpoint, as they will be held.
 * @param run What is to be run.
 * @param available Bytes, from `availableMemory()`.
 * @returns The estimate of what fits: resident before streamed.
 * @throws {RefusedError} If neither fits; it says how many tokens would, or how much memory is needed.
 */
export function planFlux(
  config: FluxConfig,
  tensors: WeightSource["tensors"],
  run: FluxRun,
  available: number,
): MemoryEstimate {
  const estimate = (tokens: number, weights: MemoryEstimate["weights"]) =>
    estimateFlux(config, tensors, { ...run, tokens }, weights);
  const fits = ({ bytes }: MemoryEstimate) => bytes <= available;
  const [resident, streamed] = [estimate(run.tokens, "resident"), estimate(run.tokens, "streamed")];
  if (fits(resident)) return resident;
  if (fits(streamed)) return streamed;
  let tokens = run.tokens;
  while (tokens > 0 && !fits(estimate(tokens, "streamed"))) tokens--;
  const advice = tokens > 0
    ? `streamed, ${tokens} tokens a sample would fit`
    : `a single token would need ${formatGigabytes(estimate(1, "streamed").bytes)}`;
  throw new RefusedError(
    `Cannot run ${fluxName(config)} on ${run.batch} x ${run.tokens} tokens as memory must hold ${describe(streamed)} ` +
      `(${formatGigabytes(resident.bytes)} with all weights): current value is ${
        formatGigabytes(available)
      }; ${advice}`,
  );
}

function describe({ parts, bytes }: MemoryEstimate): string {
  const listed = Object.entries(parts).filter(([, part]) => part >= 0.05e9)
    .map(([name, part]) => `${name} ${formatGigabytes(part)}`);
  return `${formatGigabytes(bytes)} with streamed weights: ${listed.join(", ")}`;
}
