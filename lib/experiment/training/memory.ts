import { countLora, type MemoryEstimate } from "../../backbones/mod.ts";
import type { LinearShapes } from "../../nn/mod.ts";
import { estimateModel, type MemoryLimit, planMemory } from "../models/mod.ts";
import type { TrainSettings, TrainStage } from "./settings.ts";

/** Both sides of a pair go through the policy at once. */
const SIDES = 2;
/** Adapters in memory while a stage runs; for AS-DPO the policy's, that of SFT and the adversary's. */
const ADAPTERS: Readonly<Record<TrainStage, number>> = { sft: 1, adversary: 1, asdpo: 3 };
/** Smallest crops, and a small rank, that a refusal suggests. */
const LEAST_SIZE = 128, SMALL_RANK = 4;

/** What is trained: the stages run one after the other. */
export interface TrainingPlan {
  /** Folder of the frozen weights. */
  readonly checkpoint: string;
  /** Resolved. */
  readonly settings: TrainSettings;
  /** Those that run. */
  readonly stages: readonly TrainStage[];
  /** Layers that take an adapter. */
  readonly targets: LinearShapes;
}

/**
 * Estimate what a training needs, from configurations and the headers of the files alone: nothing is loaded.
 *
 * @returns The ways to hold the weights, the fastest first.
 */
export function estimateTraining(
  { checkpoint, settings, stages, targets }: TrainingPlan,
): Promise<MemoryEstimate[]> {
  const { size, lora, checkpointing } = settings, trainedValues = countLora(targets, lora.rank);
  const samples = (stage: TrainStage) => (stage === "asdpo" ? SIDES : 1) * settings[stage].batchSize;
  return estimateModel({ ...settings, checkpoint }, {
    batch: Math.max(...stages.map(samples)),
    pixels: size ** 2,
    adapterValues: Math.max(...stages.map((stage) => ADAPTERS[stage])) * trainedValues,
    trainedValues,
    checkpointing,
  });
}

/**
 * Choose how the weights of a training are held.
 *
 * @throws {RefusedError} If it cannot fit; it says what would: smaller micro-batches, smaller crops, a lower rank.
 */
export async function planTraining(plan: TrainingPlan, limit: Omit<MemoryLimit, "verb">): Promise<MemoryEstimate> {
  const smaller = Array.from(
    smallerSettings(plan.settings),
    ([name, settings]) => [name, () => estimateTraining({ ...plan, settings })] as const,
  );
  return await planMemory(await estimateTraining(plan), { ...limit, verb: "train" }, smaller);
}

function* smallerSettings(settings: TrainSettings): Generator<[name: string, settings: TrainSettings]> {
  const one = <T extends { batchSize: number }>(stage: T): T => ({ ...stage, batchSize: 1 });
  const { sft, adversary, asdpo, lora, size, conditioning, conditionScale } = settings;
  const single = { ...settings, sft: one(sft), adversary: one(adversary), asdpo: one(asdpo) };
  const batch = ["--batch 1", ...sameImages([sft, adversary, asdpo])].join(" ");
  yield [batch, single];
  if (conditioning === "token" && conditionScale > 0.5) {
    yield [`${batch} --condition-scale 0.5`, { ...single, conditionScale: 0.5 }];
  }
  let least = single;
  for (let side = size / 2; side >= LEAST_SIZE; side /= 2) {
    least = { ...single, size: side };
    yield [`${batch} --size ${side}`, least];
  }
  if (lora.rank > SMALL_RANK) {
    const name = least === single ? batch : `${batch} --size ${least.size}`;
    yield [`${name} --rank ${SMALL_RANK}`, { ...least, lora: { ...lora, rank: SMALL_RANK } }];
  }
}

/** The option that keeps the images of an optimizer step, where all stages have the same number of them. */
function sameImages(stages: readonly { readonly batchSize: number; readonly accumulation: number }[]): string[] {
  const images = new Set(stages.map(({ batchSize, accumulation }) => batchSize * accumulation));
  return images.size === 1 ? [`--accumulation ${[...images]}`] : [];
}
