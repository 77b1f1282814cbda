import { join } from "node:path";
import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { type Raster, rasterToTensor } from "../../image/mod.ts";
import { type ManiqaConfig, maniqaConfig, maniqaShapes, maniqaSums, maniqaUnused } from "./maniqa.ts";
import { maniqaCrops } from "./maniqa_crops.ts";
import { musiq, type MusiqConfig, musiqConfig, musiqShapes } from "./musiq.ts";
import { musiqTokens } from "./musiq_tokens.ts";
import { networkMetric, takeValues } from "./network_metric.ts";
import type { NetworkMetric } from "./record.ts";
import { readWeights } from "./weights.ts";

const facts = { unit: "", better: "higher", leastSide: 1, reference: "none" } as const;
/** Crops that pass through MANIQA at once: two need about 1 GB. */
const BATCH = 2;

function musiqMetric(
  own: Pick<NetworkMetric, "name" | "label" | "range" | "digits">,
  config: MusiqConfig,
  data: string,
  file: string,
): NetworkMetric {
  const source = `Ke, Wang, Wang, Milanfar and Yang 2021; trained on ${data}`;
  return networkMetric({ ...facts, ...own, source, files: [file] }, async (folder) => {
    const params = await readWeights(join(folder, file), { shapes: musiqShapes(config) });
    const score = async (image: Raster) => (await takeValues(musiq(config, params, musiqTokens(image))))[0];
    return { params, score };
  });
}

function maniqaMetric(
  own: Pick<NetworkMetric, "name" | "label">,
  config: ManiqaConfig,
  data: string,
  file: string,
): NetworkMetric {
  const source = `Yang, Wu, Shi, Lao, Gong, Cao, Wang and Yang 2022; trained on ${data}, 20 crops of a fixed grid`;
  const record = { ...facts, ...own, range: [0, 1], digits: 4, source, files: [file] } as const;
  return networkMetric(record, async (folder) => {
    const params = await readWeights(join(folder, file), { shapes: maniqaShapes(config), unused: maniqaUnused });
    return { params, score: (image) => rateCrops(config, params, image) };
  });
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
export const noReferenceMetrics: readonly NetworkMetric[] = [
  musiqMetric(
    { name: "musiq", label: "MUSIQ", range: [0, 100], digits: 2 },
    musiqConfig,
    "KonIQ-10k",
    "musiq_koniq.safetensors",
  ),
  musiqMetric(
    { name: "musiqAva", label: "MUSIQ (AVA)", range: [1, 10], digits: 3 },
    { ...musiqConfig, outputs: 10 },
    "AVA",
    "musiq_ava.safetensors",
  ),
  maniqaMetric({ name: "maniqa", label: "MANIQA" }, maniqaConfig(0.8), "KonIQ-10k", "maniqa_koniq.safetensors"),
  maniqaMetric(
    { name: "maniqaPipal", label: "MANIQA (PIPAL)" },
    maniqaConfig(0.13),
    "PIPAL",
    "maniqa_pipal.safetensors",
  ),
];
