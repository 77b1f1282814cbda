import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { type Raster, rasterToTensor } from "../../image/mod.ts";
import type { ImageMetric } from "../record.ts";
import { alexnet } from "./alexnet.ts";
import { dists, distsWeightShapes } from "./dists.ts";
import type { FeatureNetwork } from "./features.ts";
import { lpips, lpipsHeadShapes } from "./lpips.ts";
import { mapMemory } from "./memory.ts";
import { networkMetric, takeValues } from "./network_metric.ts";
import { type NetworkWeights, networkWeights } from "./origins.ts";
import { l2Pool, vgg16 } from "./vgg.ts";
import { readWeights } from "./weights.ts";

/** torchvision's layers behind the features. */
const CLASSIFIER = /^classifier\./;

/** What both distances have in common. */
const facts = { unit: "", better: "lower", digits: 4, reference: "full" } as const;

/** LPIPS over one of its networks. */
function lpipsMetric(
  own: Pick<ImageMetric, "name" | "label" | "leastSide">,
  network: FeatureNetwork,
  variant: string,
  [backbone, heads]: readonly [NetworkWeights, NetworkWeights],
  memory: ImageMetric["memory"] & object,
): ImageMetric {
  const record = {
    ...facts,
    ...own,
    range: [0, Infinity],
    source: `Zhang, Isola, Efros, Shechtman and Wang 2018, v0.1; torchvision's ${backbone.split(".")[0]}`,
    weights: [networkWeights(backbone), networkWeights(heads)],
    checkpoint: { family: "lpips", name: `v0.1 ${variant}` },
    memory,
  } as const;
  return networkMetric(record, async (files) => {
    const params = await readParts([files[backbone], files[heads]], network, {
      shapes: lpipsHeadShapes(network),
      unused: /^lins\./,
    });
    return { params, score: (sr, hr) => compare((a, b) => lpips(network, params, a, b), sr, hr) };
  });
}

/** Both files of a metric that compares features: the network and the weights of its channels. */
async function readParts(
  files: readonly [string, string],
  network: FeatureNetwork,
  weights: Parameters<typeof readWeights>[1],
): Promise<Params> {
  const small = await readWeights(files[1], weights);
  try {
    return { ...small, ...await readWeights(files[0], { shapes: network.shapes, unused: CLASSIFIER }) };
  } catch (error) {
    tf.dispose(small);
    throw error;
  }
}

async function compare(
  distance: (sr: tf.Tensor4D, hr: tf.Tensor4D) => tf.Tensor,
  sr: Raster,
  hr: Raster,
): Promise<number> {
  const [value] = await takeValues(tf.tidy(() => distance(rasterToTensor([sr]), rasterToTensor([hr]))));
  return value;
}

const textured = vgg16(l2Pool);

const distsRecord = {
  ...facts,
  name: "dists",
  label: "DISTS",
  range: [0, 1.124], // 1 + sum of beta, where every map of the one is the negative of the other
  leastSide: 1,
  source: "Ding, Ma, Wang and Simoncelli 2022, without resizing; torchvision's vgg16",
  weights: [networkWeights("vgg16.safetensors"), networkWeights("dists_alpha_beta.safetensors")],
  checkpoint: { family: "dists", name: "official" },
  memory: mapMemory(820, 3200),
} as const;

/** Distances of a result from its truth by the features of networks, in the order of the tables. */
export const fullReferenceMetrics: readonly ImageMetric[] = [
  lpipsMetric({ name: "lpipsAlex", label: "LPIPS (Alex)", leastSide: 31 }, alexnet(), "alex", [
    "alexnet.safetensors",
    "lpips_lin_v0.1_alex.safetensors",
  ], mapMemory(440, 420)),
  lpipsMetric({ name: "lpipsVgg", label: "LPIPS (VGG)", leastSide: 16 }, vgg16(), "vgg", [
    "vgg16.safetensors",
    "lpips_lin_v0.1_vgg.safetensors",
  ], mapMemory(530, 2850)),
  networkMetric(distsRecord, async (files) => {
    const paths = [files["vgg16.safetensors"], files["dists_alpha_beta.safetensors"]] as const;
    const params = await readParts(paths, textured, {
      shapes: distsWeightShapes(textured),
      unused: /^(stage\d\.|mean$|std$)/,
    });
    return { params, score: (sr, hr) => compare((a, b) => dists(textured, params, a, b), sr, hr) };
  }),
];
