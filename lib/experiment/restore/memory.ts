import type { RasterSize } from "../../image/mod.ts";
import { type MemoryEstimate, withParts } from "../../backbones/mod.ts";
import { estimateModel, type OpenOptions, planMemory } from "../models/mod.ts";
import type { RestoreNetwork } from "./network.ts";
import type { NetworkFacts } from "./network_facts.ts";
import { type ImageRules, restoreLayout, type RestoreSettings } from "./settings.ts";

/** Bytes of a result's pixel: noise, states, condition, planes of the colour fix, the file; measured. */
const PIXEL_BYTES = 140;

/** What is restored, with what. */
export interface RestorePlan {
  readonly network: RestoreNetwork;
  readonly options: Omit<OpenOptions, "backbone" | "checkpoint">;
  readonly facts: NetworkFacts;
  readonly settings: Pick<RestoreSettings, "tile" | "overlap"> & { readonly batchSize: number };
  /** Sides of the largest image. */
  readonly lr: RasterSize;
}

/**
 * Estimate the memory that restoring an image takes. Adapters are counted by their files.
 *
 * @returns The ways to hold the weights, the fastest first.
 */
export async function estimateRestore(
  { network, options, facts, settings, lr }: RestorePlan,
): Promise<MemoryEstimate[]> {
  const { grid } = restoreLayout(lr, facts, settings),
    { kind: backbone, checkpoint } = network;
  const adapters = [...network.loras, ...(network.run?.adapter ? [network.run.adapter] : [])];
  const files = await Promise.all(adapters.map(async ({ path }) => (await Deno.stat(path)).size));
  const use = {
    batch: settings.batchSize,
    pixels: grid.rows.tile * grid.columns.tile,
    adapterValues: files.reduce((sum, bytes) => sum + bytes, 0) / 4,
  };
  const estimates = await estimateModel({ ...options, backbone, checkpoint }, use);
  return estimates.map(({ weights, parts }) =>
    withParts(weights, { ...parts, image: imageBytes(lr, facts, settings) })
  );
}

/** Bytes that an image takes beside the network. */
export function imageBytes(
  lr: RasterSize,
  facts: ImageRules,
  settings: Pick<RestoreSettings, "tile" | "overlap">,
): number {
  const { size: { width, height } } = restoreLayout(lr, facts, settings);
  return width * height * PIXEL_BYTES;
}

/**
 * Choose how the weights are held.
 *
 * @param limit Bytes there are.
 * @throws {RefusedError} If nothing fits; it says which tile would, or what takes most.
 */
export async function planRestore(plan: RestorePlan, limit: number): Promise<MemoryEstimate> {
  const { facts, settings, lr, options: { weights } } = plan;
  const smaller: [string, () => Promise<MemoryEstimate[]>][] = [];
  for (let tile = settings.tile; tile >= 2 * facts.multiple && tile % facts.multiple === 0; tile /= 2) {
    const overlap = Math.min(settings.overlap, tile / 2);
    const name = tile === settings.tile ? "--batch 1" : `--batch 1 --tile ${tile} --overlap ${overlap}`;
    smaller.push([name, () => estimateRestore({ ...plan, settings: { tile, overlap, batchSize: 1 } })]);
  }
  const verb = `restore an image of ${lr.width} x ${lr.height}`;
  return await planMemory(await estimateRestore(plan), { verb, limit, weights }, smaller);
}
