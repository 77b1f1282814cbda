import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { type Raster, rasterToTensor } from "../../image/mod.ts";
import type { ImageMetric } from "../record.ts";
import { type ManiqaConfig, maniqaConfig, maniqaShapes, maniqaSums, maniqaUnused } from "./maniqa.ts";
import { maniqaCrops } from "./maniqa_crops.ts";
import { musiq, type MusiqConfig, musiqConfig, musiqShapes } from "./musiq.ts";
import { musiqTokens } from "./musiq_tokens.ts";
import { mapMemory } from "./memory.ts";
import { networkMetric, takeValues } from "./network_metric.ts";
import { type NetworkWeights, networkWeights } from "./origins.ts";
import { readWeights } from "./weights.ts";

const facts = { unit: "", better: "higher", leastSide: 1, reference: "none" } as const;
/** Crops that pass through MANIQA at once: two need about 1 GB. */
const BATCH = 2;

function musiqMetric(
  own: Pick<ImageMetric, "name" | "label" | "range" | "digits">,
  config: MusiqConfig,
  [data, checkpoint]: readonly [string, string],
  file: NetworkWeights,
): ImageMetric {
  const source = `Ke, Wang, Wang, Milanfar and Yang 2021; trained on ${data}`;
  const record = {
    ...facts,
    ...own,
    source,
    weights: [networkWeights(file)],
    checkpoint: { family: "musiq", name: checkpoint },
    memory: musiqMemory,
  };
  return networkMetric(record, async (files) => {
    const params = await readWeights(files[file], { shapes: musiqShapes(config) });
    const score = async (image: Raster) => (await takeValues(musiq(config, params, musiqTokens(image))))[0];
    return { params, score };
  });
}

function maniqaMetric(
  own: Pick<ImageMetric, "name" | "label">,
  config: ManiqaConfig,
  [data, checkpoint]: readonly [string, string],
  file: NetworkWeights,
): ImageMetric {
  const source = `Yang, Wu, Shi, Lao, Gong, Cao, Wang and Yang 2022; trained on ${data}, 20 crops of a fixed grid`;
  const record = {
    ...facts,
    ...own,
    range: [0, 1],
    digits: 4,
    source,
    weights: [networkWeights(file)],
    checkpoint: { family: "maniqa", name: checkpoint },
    memory: mapMemory(2000, 0),
  } as const;
  return networkMetric(record, async (files) => {
    const params = await readWeights(files[file], { shapes: maniqaShapes(config), unused: maniqaUnused });
    return { params, score: (image) => rateCrops(config, params, image) };
  });
}

/** As {@link mapMemory}, and the attention of every patch to every other. */
function musiqMemory(width: number, height: number): number {
  return mapMemory(1000, 120)(width, height) + 72 * (width * height / 1024) ** 2;
}

/** The score of all crops' tokens together, a few crops at a time. */
async function rateCrops(config: ManiqaConfig, params: Params, image: Raster): Promise<number> {
  const crops = maniqaCrops(image, config.vit.side);
  let score = 0, weight = 0;
  for (let first = 0; first < crops.length; first += BATCH) {
    const batch = crops.slice(first, first + BATCH);
    const sums = await takeValues(tf.tidy(() => maniqaSums(config, params, rasterToTensor(batch))));
    score += sums[0];
    weight += sums[1];
  }
  return score / (weight + 1e-8);
}

/** Ratings of an image by itself that are trained on ratings of people, in the order of the tables. */
export const noReferenceMetrics: readonly ImageMetric[] = [
  musiqMetric(
    { name: "musiqKoniq", label: "MUSIQ (KonIQ)", range: [0, 100], digits: 2 },
    musiqConfig,
    ["KonIQ-10k", "koniq10k"],
    "musiq_koniq.safetensors",
  ),
  musiqMetric(
    { name: "musiqAva", label: "MUSIQ (AVA)", range: [1, 10], digits: 3 },
    { ...musiqConfig, outputs: 10 },
    ["AVA", "ava"],
    "musiq_ava.safetensors",
  ),
  maniqaMetric(
    { name: "maniqaKoniq", label: "MANIQA (KonIQ)" },
    maniqaConfig(0.8),
    ["KonIQ-10k", "koniq10k"],
    "maniqa_koniq.safetensors",
  ),
  maniqaMetric(
    { name: "maniqaPipal", label: "MANIQA (PIPAL)" },
    maniqaConfig(0.13),
    ["PIPAL", "pipal"],
    "maniqa_pipal.safetensors",
  ),
];
