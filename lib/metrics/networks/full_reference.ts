import { join } from "node:path";
import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { type Raster, rasterToTensor } from "../../image/mod.ts";
import { alexnet } from "./alexnet.ts";
import { dists, distsWeightShapes } from "./dists.ts";
import type { FeatureNetwork } from "./features.ts";
import { lpips, lpipsHeadShapes } from "./lpips.ts";
import { networkMetric, takeValues } from "./network_metric.ts";
import type { NetworkMetric } from "./record.ts";
import { squeezenet } from "./squeezenet.ts";
import { l2Pool, vgg16 } from "./vgg.ts";
import { readWeights } from "./weights.ts";

/** torchvision's layers behind the features. */
const CLASSIFIER = /^classifier\./;

/** LPIPS over one of its three networks. */
function lpipsMetric(
  facts: Pick<NetworkMetric, "name" | "label" | "leastSide">,
  network: FeatureNetwork,
  backbone: string,
  heads: string,
): NetworkMetric {
  const record = {
    ...facts,
    unit: "",
    range: [0, Infinity],
    better: "lower",
    digits: 4,
    source: `Zhang, Isola, Efros, Shechtman and Wang 2018, v0.1; torchvision's ${backbone}`,
    reference: "full",
    files: [`${backbone}.safetensors`, `${heads}.safetensors`],
  } as const;
  return networkMetric(record, async (folder) => {
    const params = await readParts(folder, record.files, network, {
      shapes: lpipsHeadShapes(network),
      unused: /^lins\./,
    });
    return { params, score: (sr, hr) => compare((a, b) => lpips(network, params, a, b), sr, hr) };
  });
}

/** Both files of a metric that compares features: the network and the weights of its channels. */
async function readParts(
  folder: string,
  files: readonly [string, string],
  network: FeatureNetwork,
  weights: Parameters<typeof readWeights>[1],
): Promise<Params> {
  const small = await readWeights(join(folder, files[1]), weights);
  try {
    return { ...small, ...await readWeights(join(folder, files[0]), { shapes: network.shapes, unused: CLASSIFIER }) };
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
  name: "dists",
  label: "DISTS",
  unit: "",
  range: [0, 1.124], // 1 + sum of beta, where every map of the one is the negative of the other
  better: "lower",
  digits: 4,
  leastSide: 1,
  source: "Ding, Ma, Wang and Simoncelli 2022, without resizing; torchvision's vgg16",
  reference: "full",
  files: ["vgg16.safetensors", "dists_alpha_beta.safetensors"],
} as const;

/** Distances of a result from its truth by the features of networks, in the order of the tables. */
export const fullReferenceMetrics: readonly NetworkMetric[] = [
  lpipsMetric({ name: "lpips", label: "LPIPS", leastSide: 31 }, alexnet(), "alexnet", "lpips_lin_v0.1_alex"),
  lpipsMetric({ name: "lpipsVgg", label: "LPIPS (VGG)", leastSide: 16 }, vgg16(), "vgg16", "lpips_lin_v0.1_vgg"),
  lpipsMetric(
    { name: "lpipsSqueeze", label: "LPIPS (SqueezeNet)", leastSide: 25 },
    squeezenet,
    "squeezenet1_1",
    "lpips_lin_v0.1_squeeze",
  ),
  networkMetric(distsRecord, async (folder) => {
    const params = await readParts(folder, distsRecord.files, textured, {
      shapes: distsWeightShapes(textured),
      unused: /^(stage\d\.|mean$|std$)/,
    });
    return { params, score: (sr, hr) => compare((a, b) => dists(textured, params, a, b), sr, hr) };
  }),
];
