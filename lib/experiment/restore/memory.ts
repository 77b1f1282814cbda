import { RefusedError } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import type { OpenOptions } from "../models/mod.ts";
import { gib, heldBytes } from "../training/memory.ts";
import { type RestoreNetwork, weightPaths } from "./network.ts";
import type { NetworkFacts } from "./network_facts.ts";
import { restoreLayout, type RestoreSettings } from "./settings.ts";

/** Bytes that restoring an image is expected to need. */
export interface RestoreMemory {
  /** Weights of network, autoencoder and adapters. */
  readonly weights: number;
  /** One call of the network, or of the autoencoder where that takes more. */
  readonly call: number;
  /** The image in all its forms. */
  readonly image: number;
  /** The process itself. */
  readonly process: number;
}

/** Bytes of a result's pixel: noise, states, condition, planes of the colour fix, the file; measured. */
const PIXEL_BYTES = 130;
/** The process before anything is loaded. */
const PROCESS = 0.5 * 2 ** 30;

/** Adds up the weights as they will be held, from the headers of their files. */
export async function restoreWeights(network: RestoreNetwork, { dtype }: Pick<OpenOptions, "dtype">): Promise<number> {
  const [main, ...others] = weightPaths(network.kind, network.checkpoint);
  const paths = [
    ...others,
    ...network.loras.map(({ path }) => path),
    ...(network.run?.adapter ? [network.run.adapter.path] : []),
  ];
  const held = await Promise.all(paths.map((path) => heldBytes(path, "f32")));
  return held.reduce((sum, bytes) => sum + bytes, await heldBytes(main, dtype ?? "bf16"));
}

/**
 * Estimate the memory that restoring an image takes.
 *
 * @param weights From {@linkcode restoreWeights}.
 * @param lr Sides of the image.
 */
export function estimateRestore(
  weights: number,
  facts: NetworkFacts,
  settings: Pick<RestoreSettings, "tile" | "overlap"> & { readonly batchSize: number },
  lr: RasterSize,
): RestoreMemory {
  const { size: { width, height }, grid } = restoreLayout(lr, facts, settings);
  const [rows, columns] = [grid.rows.tile, grid.columns.tile];
  const calls = facts.activationBytes(Math.sqrt(rows * columns), settings.batchSize);
  return {
    weights,
    call: Math.max(calls, rows * columns * facts.codedBytesPerPixel),
    image: width * height * PIXEL_BYTES,
    process: PROCESS,
  };
}

/** Adds up an estimate. */
export function restoreBytes({ weights, call, image, process }: RestoreMemory): number {
  return weights + call + image + process;
}

/** Says an estimate in one line. */
export function restoreMemoryLine(memory: RestoreMemory, lr: RasterSize): string {
  const { weights, call, image } = memory;
  return `memory: about ${gib(restoreBytes(memory))} (weights ${gib(weights)}, a call of the network ${gib(call)}, ` +
    `the largest image, ${lr.width} x ${lr.height}, ${gib(image)})`;
}

/**
 * Refuse what cannot fit.
 *
 * @param limit Bytes there are.
 * @throws {RefusedError} If it does not; it says which tile would fit, or which part alone is too much.
 */
export function requireRestoreMemory(
  weights: number,
  facts: NetworkFacts,
  settings: Pick<RestoreSettings, "tile" | "overlap"> & { readonly batchSize: number },
  lr: RasterSize,
  limit: number,
): RestoreMemory {
  const memory = estimateRestore(weights, facts, settings, lr), needed = restoreBytes(memory);
  if (needed <= limit) return memory;
  let advice = `weights ${gib(memory.weights)}, the image ${gib(memory.image)}`;
  for (let tile = settings.tile / 2; tile >= 2 * facts.multiple && tile % facts.multiple === 0; tile /= 2) {
    const overlap = Math.min(settings.overlap, tile / 2);
    const bytes = restoreBytes(estimateRestore(weights, facts, { tile, overlap, batchSize: 1 }, lr));
    if (bytes > limit) continue;
    advice = `--batch 1 --tile ${tile} --overlap ${overlap} needs ${gib(bytes)}`;
    break;
  }
  throw new RefusedError(
    `Cannot restore an image of ${lr.width} x ${lr.height} as about ${gib(needed)} of memory are needed (${advice}): ` +
      `current value is ${gib(limit)}`,
  );
}
