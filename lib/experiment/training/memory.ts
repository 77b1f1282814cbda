import { countLora, type MemoryEstimate } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { estimateModel, type MemoryLimit, planMemory } from "../models/mod.ts";
import type { TrainSettings } from "./settings.ts";

/** Both sides of a pair go through the policy at once. */
const SIDES = 2;
/** Adapters in memory while AS-DPO runs: the policy's, that of SFT, the adversary's. */
const ADAPTERS = 3;
/** Smallest crops, and a small rank, that a refusal suggests. */
const LEAST_SIZE = 128, SMALL_RANK = 4;

/**
 * Estimate what a training needs, from configurations and the headers of the files alone: nothing is loaded.
 *
 * @param targets Layers that take an adapter.
 * @returns The ways to hold the weights, the fastest first.
 */
export function estimateTraining(
  checkpoint: string,
  settings: TrainSettings,
  targets: LinearShapes,
): Promise<MemoryEstimate[]> {
  const { sft, adversary, asdpo, size, lora, checkpointing } = settings;
  const trainedValues = countLora(targets, lora.rank);
  return estimateModel({ ...settings, checkpoint }, {
    batch: Math.max(sft.batchSize, adversary.batchSize, SIDES * asdpo.batchSize),
    pixels: size ** 2,
    adapterValues: ADAPTERS * trainedValues,
    trainedValues,
    checkpointing,
  });
}

/**
 * Choose how the weights of a training are held.
 *
 * @throws {RefusedError} If it cannot fit; it says what would: smaller micro-batches, smaller crops, a lower rank.
 */
export async function planTraining(
  checkpoint: string,
  settings: TrainSettings,
  targets: LinearShapes,
  limit: Omit<MemoryLimit, "verb">,
): Promise<MemoryEstimate> {
  const smaller = Array.from(
    smallerSettings(settings),
    ([name, changed]) => [name, () => estimateTraining(checkpoint, changed, targets)] as const,
  );
  return await planMemory(await estimateTraining(checkpoint, settings, targets), { ...limit, verb: "train" }, smaller);
}

function* smallerSettings(settings: TrainSettings): Generator<[name: string, settings: TrainSettings]> {
  const one = <T extends { batchSize: number }>(stage: T): T => ({ ...stage, batchSize: 1 });
  const { sft, adversary, asdpo, lora, size, conditioning, conditionScale } = settings;
  const single = { ...settings, sft: one(sft), adversary: one(adversary), asdpo: one(asdpo) };
  yield ["--batch 1", single];
  if (conditioning === "token" && conditionScale > 0.5) {
    yield ["--batch 1 --condition-scale 0.5", { ...single, conditionScale: 0.5 }];
  }
  let least = single;
  for (let side = size / 2; side >= LEAST_SIZE; side /= 2) {
    least = { ...single, size: side };
    yield [`--batch 1 --size ${side}`, least];
  }
  if (lora.rank > SMALL_RANK) {
    const name = least === single ? "--batch 1" : `--batch 1 --size ${least.size}`;
    yield [`${name} --rank ${SMALL_RANK}`, { ...least, lora: { ...lora, rank: SMALL_RANK } }];
  }
}
