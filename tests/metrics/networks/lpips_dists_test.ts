import { tf } from "asasr/engine/mod.ts";
import { type Raster, rasterToTensor } from "asasr/image/mod.ts";
import { alexnet, dists, distsStages, l2Pool, lpips, lpipsStages, visitStages } from "asasr/metrics/networks/mod.ts";
import { vgg16 } from "asasr/metrics/networks/mod.ts";
import { assertEquals } from "@std/assert";
import { close, sharedTensorTest, tensorTest } from "../../support.ts";
import { fixtureMaps, fixtureParams, fixtureRaster, withParams } from "./fixture.ts";

/** LPIPS v0.1 and DISTS of pyiqa 0.1.16, restated with narrow random networks in float64. */
const FIXTURE = "fixtures/metrics/lpips_dists.safetensors";
/** README of the fixtures: 1e-4 relative in float32. */
const TOLERANCE = { relative: 1e-4 };

const networks = {
  alex: alexnet([16, 48, 96, 64, 64]),
  vgg: vgg16(undefined, [8, 16, 32, 64, 64]),
  dists: vgg16(l2Pool, [8, 16, 32, 64, 64]),
};

interface Golden {
  readonly total: number;
  readonly layers: number[];
  readonly "per_stage_[alpha*S1,beta*S2]": number[][];
}

function golden(path: string): Record<string, Golden> {
  return JSON.parse(Deno.readTextFileSync(path.replace(".safetensors", ".json"))).reduced.scores_f64;
}

const asFeatures = (name: string) => name.replace(/^net\.slice\d\./, "features.");
const sizes = ["64x64", "97x131", "75x66"];

function images(path: string, size: string): { dist: tf.Tensor4D; ref: tf.Tensor4D } {
  const read = (which: string): Raster => fixtureRaster(path, `in.${size}.${which}`);
  return { dist: rasterToTensor([read("dist")]), ref: rasterToTensor([read("ref")]) };
}

for (const which of ["alex", "vgg"] as const) {
  sharedTensorTest(`lpipsStages() gives the layers of ${which} (Zhang et al. 2018)`, FIXTURE, async (path) => {
    await withParams(await fixtureParams(path, `lpips_${which}.`, asFeatures), (params) => {
      for (const size of sizes) {
        tf.tidy(() => {
          const { dist, ref } = images(path, size);
          const { layers, total } = golden(path)[`lpips_${which}.${size}`];
          close(lpipsStages(networks[which], params, dist, ref).reshape([-1]), layers, TOLERANCE);
          close(lpips(networks[which], params, dist, ref), [total], TOLERANCE);
          close(lpips(networks[which], params, ref, dist), [total], TOLERANCE);
          close(lpips(networks[which], params, ref, ref), [0], 1e-7);
        });
      }
    });
  });

  sharedTensorTest(`${which}'s stages give the maps of torch`, FIXTURE, async (path) => {
    await withParams(await fixtureParams(path, `lpips_${which}.`, asFeatures), (params) => {
      tf.tidy(() => {
        const shift = tf.tensor1d([-0.030, -0.088, -0.188]), scale = tf.tensor1d([0.458, 0.448, 0.450]);
        const x = images(path, "64x64").dist.sub(shift).div<tf.Tensor4D>(scale);
        const compared = visitStages(networks[which].stages(params), x, (maps, stage) => {
          const expected = fixtureMaps(path, `lpips_${which}.feat.64x64.dist.relu${stage + 1}`);
          close(tf.slice(maps, [0, 0, 0, 0], expected.shape), expected, TOLERANCE); // some channels are stored
          return tf.scalar(stage);
        });
        assertEquals(compared.length, 5);
      });
    });
  });
}

sharedTensorTest(
  "distsStages() gives texture and structure of every stage (Ding et al. 2022)",
  FIXTURE,
  async (path) => {
    const vgg = await fixtureParams(path, "lpips_vgg.net.", (name) => name.replace(/^slice\d/, "features"));
    await withParams({ ...vgg, ...await fixtureParams(path, "dists.") }, (params) => {
      for (const size of sizes) {
        tf.tidy(() => {
          const { dist, ref } = images(path, size);
          const expected = golden(path)[`dists.${size}`];
          close(distsStages(networks.dists, params, dist, ref), expected["per_stage_[alpha*S1,beta*S2]"], TOLERANCE);
          close(dists(networks.dists, params, dist, ref), [expected.total], TOLERANCE);
          close(dists(networks.dists, params, ref, ref), [0], 1e-6);
        });
      }
    });
  },
);

tensorTest("lpips() measures every sample of a batch by itself, and counts 0 for equal images", () => {
  const network = alexnet([4, 4, 4, 4, 4]);
  const shapes = {
    ...network.shapes,
    ...Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`lin${i}.model.1.weight`, [1, 4, 1, 1]])),
  };
  const params = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, tf.randomNormal([...shape], 0, 0.3, "float32", i).abs()]),
  );
  const [a, b] = [1, 2].map((seed) => tf.randomUniform<tf.Rank.R4>([1, 40, 36, 3], -1, 1, "float32", seed));
  const together = lpips(network, params, tf.concat([a, a]), tf.concat([b, a]));
  close(together, [lpips(network, params, a, b).dataSync()[0], 0], 1e-5);
});
