import { assertEquals } from "@std/assert";
import { tf } from "asasr/engine/mod.ts";
import { type Raster, rasterToTensor, readImage } from "asasr/image/mod.ts";
import {
  type ManiqaConfig,
  maniqaCrops,
  maniqaFeatures,
  maniqaMaps,
  maniqaSums,
  swinStage,
  transposedAttention,
} from "asasr/metrics/networks/mod.ts";
import { fixtureArray, readFixture } from "../../fixture.ts";
import { close, goldenPath, sharedTensorTest, tensorTest } from "../../support.ts";
import { fixtureMaps, fixtureParams, withParams } from "./fixture.ts";

/** A narrow random MANIQA through the classes of pyiqa 0.1.16. */
const FIXTURE = goldenPath("metrics-networks/maniqa_clipiqa.safetensors");
const golden = JSON.parse(await Deno.readTextFile(FIXTURE.replace(".safetensors", ".json"))).maniqa;
const config: ManiqaConfig = {
  vit: { side: 64, patch: 8, width: 16, hidden: 32, heads: 2 },
  swin: { hidden: 16, heads: 4, window: 4, scale: 0.8 },
};
/** README of the fixtures. */
const TOLERANCE = { relative: 1e-4 };

async function checkScore(image: Raster, expected: number): Promise<void> {
  await withParams(await fixtureParams(FIXTURE, "maniqa."), (params) => {
    tf.tidy(() => {
      const [sum, weights] = maniqaSums(config, params, rasterToTensor(maniqaCrops(image, 64))).dataSync();
      close([sum / (weights + 1e-8)], [expected], TOLERANCE);
    });
  });
}

tensorTest("maniqaSums() give the score of pyiqa (Yang et al. 2022)", async () => {
  const { image } = await readImage(goldenPath("metrics-networks/d97x131_gt.png"));
  await checkScore(image, golden.score.d97x131_gt);
});

for (const name of ["a256x256_gt", "e200x300_halluc"]) {
  sharedTensorTest(`maniqaSums() give the score of ${name}`, `fixtures/metrics/images/${name}.png`, async (path) => {
    await checkScore((await readImage(path)).image, golden.score[name]);
  });
}

tensorTest("MANIQA's parts give the values of torch", async () => {
  await withParams(await fixtureParams(FIXTURE, "maniqa."), (params) => {
    tf.tidy(() => {
      const fixture = readFixture(FIXTURE);
      const array = (name: string) => fixtureArray(fixture, `maniqa.${name}`).data;
      const crops = fixtureMaps(FIXTURE, "maniqa.in2crops").mul<tf.Tensor4D>(2).sub<tf.Tensor4D>(1); // from [0, 1]
      const features = maniqaFeatures(config, params, crops);
      close(features.transpose([0, 2, 1]).flatten(), array("vit_feat_cat"), TOLERANCE);
      close(transposedAttention(params, "tablock1.0", features).flatten(), array("tab1_0_out"), TOLERANCE);
      const maps = maniqaMaps(params, 1, features);
      close(maps, fixtureMaps(FIXTURE, "maniqa.conv1_out"), TOLERANCE);
      close(
        swinStage(params, "swintransformer1", config.swin, maps),
        fixtureMaps(FIXTURE, "maniqa.swin1_out"),
        TOLERANCE,
      );
    });
  });
});

Deno.test("maniqaCrops() takes the first 20 of a grid of 25, row by row", () => {
  const data = Float32Array.from({ length: 256 * 256 }, (_, i) => i);
  const crops = maniqaCrops({ width: 256, height: 256, channels: 1, data }, 64);
  assertEquals(
    crops.map(({ data }) => data[0]),
    Array.from({ length: 20 }, (_, i) => {
      return 48 * Math.floor(i / 5) * 256 + 48 * (i % 5);
    }),
  );
});
