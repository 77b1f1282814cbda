import { join } from "node:path";
import { readJson, RefusedError } from "../../core/mod.ts";
import { latentFactor, parseAutoencoderConfig, parseFluxConfig, parseUnetConfig } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { openCheckpoint } from "../../weights/mod.ts";
import type { ModelKind } from "../models/mod.ts";
import type { TrainSettings } from "./settings.ts";
import { adapterSize } from "./targets.ts";

/** Bytes that a training is expected to need. */
export interface TrainingMemory {
  /** Frozen weights of network and autoencoder. */
  readonly weights: number;
  /** Adapters, their gradients and AdamW's moments, old and new at once, in float32. */
  readonly adapters: number;
  /** What is kept of a micro-batch for the way back: the input of every block, and the inside of the largest one. */
  readonly activations: number;
  /** The engine itself. */
  readonly engine: number;
}

/** Copies of an adapter's values that a step holds: factors and two moments before and after it, and the gradients. */
const COPIES = 7;
/** Both sides of a pair go through the policy at once. */
const SIDES = 2;
/**
 * Maps of a block's width that its way forward and back hold at once (attention, a feed-forward layer four times as wide,
 * their gradients), and copies of the attention scores, of which blocked attention makes so many at a time: found by
 * measuring FLUX at its full width.
 */
const INSIDE = 40, SCORE_COPIES = 3, SCORES = 2 ** 26;
/** Latents of a token's side. */
const PACKED = 2;
/** Bytes of the process before anything is loaded. */
const ENGINE = 0.5 * 2 ** 30;
/** Tokens of FLUX's empty prompt. */
const TEXT = 512;

/**
 * Estimate what a training needs, from configurations and the headers of the files alone: nothing is loaded.
 *
 * @param targets Layers that take an adapter.
 */
export async function estimateTraining(
  checkpoint: string,
  settings: TrainSettings,
  targets: LinearShapes,
): Promise<TrainingMemory> {
  const adapters = adapterSize(targets, settings.lora.rank) * 4 * COPIES;
  if (settings.backbone === "small") {
    return {
      weights: await heldBytes(join(checkpoint, "params.safetensors"), "f32"),
      adapters,
      activations: 0,
      engine: ENGINE,
    };
  }
  const folder = join(checkpoint, FOLDERS[settings.backbone]);
  const weights = await heldBytes(folder, settings.dtype) + await heldBytes(join(checkpoint, "vae"), "f32");
  return { weights, adapters, activations: await activationBytes(checkpoint, folder, settings), engine: ENGINE };
}

/** Adds up an estimate. */
export function totalBytes({ weights, adapters, activations, engine }: TrainingMemory): number {
  return weights + adapters + activations + engine;
}

/** Says an estimate in one line. */
export function memoryLine(memory: TrainingMemory): string {
  const { weights, adapters, activations } = memory;
  return `memory: about ${gib(totalBytes(memory))} (weights ${gib(weights)}, adapters and optimizer ${
    gib(adapters)
  }, a micro-batch ${gib(activations)})`;
}

/**
 * Refuse a training that cannot fit.
 *
 * @param limit Bytes there are.
 * @throws {RefusedError} If it cannot; it says what would, or what the weights alone take.
 */
export async function requireMemory(
  checkpoint: string,
  settings: TrainSettings,
  targets: LinearShapes,
  limit: number,
): Promise<TrainingMemory> {
  const memory = await estimateTraining(checkpoint, settings, targets), needed = totalBytes(memory);
  if (needed <= limit) return memory;
  const one = <T extends { batchSize: number }>(stage: T): T => ({ ...stage, batchSize: 1 });
  const smallest = {
    ...settings,
    sft: one(settings.sft),
    adversary: one(settings.adversary),
    asdpo: one(settings.asdpo),
  };
  let advice = `the weights take ${gib(memory.weights)}`;
  for (let size = settings.size; size >= 128; size /= 2) {
    const bytes = totalBytes(await estimateTraining(checkpoint, { ...smallest, size }, targets));
    if (bytes > limit) continue;
    advice = `--batch 1${size < settings.size ? ` --size ${size}` : ""} needs ${gib(bytes)}`;
    break;
  }
  throw new RefusedError(
    `Cannot train as about ${gib(needed)} of memory are needed (${advice}): current value is ${gib(limit)}`,
  );
}

const FOLDERS: Readonly<Record<Exclude<ModelKind, "small">, string>> = {
  flux: "transformer",
  sd15: "unet",
  sdxl: "unet",
};

/** Bytes of weights as they are held. */
export async function heldBytes(path: string, dtype: TrainSettings["dtype"]): Promise<number> {
  using source = await openCheckpoint(path, { precision: dtype === "bf16" ? "bfloat16" : "float32" });
  return Object.values(source.tensors).reduce((sum, { bytes }) => sum + bytes, 0);
}

async function activationBytes(checkpoint: string, folder: string, settings: TrainSettings): Promise<number> {
  const { size, conditioning, conditionScale, backbone, checkpointing } = settings;
  const batch = Math.max(settings.sft.batchSize, settings.adversary.batchSize, SIDES * settings.asdpo.batchSize);
  const json = await readJson(join(folder, "config.json"));
  const cells = size / latentFactor(parseAutoencoderConfig(await readJson(join(checkpoint, "vae", "config.json"))));
  const scores = (rows: number) => Math.min(SCORES, batch * rows) * 4 * SCORE_COPIES;
  if (backbone === "flux") {
    const { heads, headWidth, doubleBlocks, singleBlocks } = parseFluxConfig(json);
    const image = (cells / PACKED) ** 2,
      tokens = TEXT + image * (1 + (conditioning === "token" ? conditionScale ** 2 : 0));
    const map = batch * tokens * heads * headWidth * 4, blocks = doubleBlocks + singleBlocks;
    return map * (checkpointing ? blocks + INSIDE : blocks * INSIDE) + scores(heads * tokens ** 2);
  }
  const config = parseUnetConfig(json);
  const maps = config.widths.map((width, level) => batch * (cells / 2 ** level) ** 2 * width * 4);
  const blocks = (level: number) => (2 * config.layers + 1) * (1 + config.depths[level]);
  const kept = maps.reduce((sum, bytes, level) => sum + bytes * blocks(level) * (checkpointing ? 1 : INSIDE), 0);
  const rows = config.heads.map((heads, level) => config.depths[level] > 0 ? heads * (cells / 2 ** level) ** 4 : 0);
  return kept + (checkpointing ? INSIDE * Math.max(...maps) : 0) + scores(Math.max(...rows));
}

/** Write bytes as `1.23 GiB`. */
export function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
