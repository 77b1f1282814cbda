import { assertEquals } from "@std/assert";
import { tf } from "asasr/engine/mod.ts";
import type { Params } from "asasr/core/mod.ts";
import { type Raster, rasterToTensor, readImage } from "asasr/image/mod.ts";
import {
  clipIqa,
  type ClipIqaConfig,
  clipIqaMaps,
  clipPool,
  promptFeatures,
  promptTokens,
} from "asasr/metrics/networks/mod.ts";
import { close, goldenPath, sharedTensorTest, tensorTest } from "../../support.ts";
import { fixtureMaps, fixtureParams, withParams } from "./fixture.ts";

/** A narrow random CLIP-IQA+ through the classes of pyiqa 0.1.16. */
const FIXTURE = goldenPath("metrics-networks/maniqa_clipiqa.safetensors");
const golden = JSON.parse(await Deno.readTextFile(FIXTURE.replace(".safetensors", ".json")))["clipiqa+"];
const config = (positions: boolean): ClipIqaConfig => ({
  visual: { width: 4, blocks: [1, 1, 1, 1], heads: 2, features: 32, positions: 5 },
  text: { width: 32, heads: 4, depth: 2, length: 77, features: 32 },
  positions,
});
/** README of the fixtures. */
const TOLERANCE = { relative: 1e-4 };

/** Layout of the prompts in the fixture's tensors and scores. */
const layouts = [
  ["shared", "shared_16xD(official clipiqa+)"],
  ["pair", "pair_2x16xD(clipiqa+_rn50_512)"],
] as const;

async function readParams(): Promise<Params> {
  const clip = (name: string) => name.replace(/^clip\./, "").replace(/\.in_proj_(weight|bias)$/, ".in_proj.$1");
  return await fixtureParams(FIXTURE, "clipiqa.", clip);
}

function prompts(params: Params, layout: string): tf.Tensor2D {
  const prefix = params.token_prefix as tf.Tensor3D, suffix = params.token_suffix as tf.Tensor3D;
  return promptFeatures(config(false), params, params[`ctx.${layout}`], { prefix, suffix });
}

async function checkScores(image: Raster, name: string): Promise<void> {
  await withParams(await readParams(), (params) => {
    tf.tidy(() => {
      const x = rasterToTensor([image]);
      for (const [layout, key] of layouts) {
        const { nopos, pos } = golden.score[key][name];
        const score = (positions: boolean) => clipIqa(config(positions), params, prompts(params, layout), x);
        close(score(false), [nopos], TOLERANCE);
        close(score(true), [pos], TOLERANCE);
      }
    });
  });
}

tensorTest("clipIqa() rates an image as pyiqa does, with either layout of the prompts (Wang et al. 2023)", async () => {
  await checkScores((await readImage(goldenPath("metrics-networks/d97x131_gt.png"))).image, "d97x131_gt");
});

for (const name of ["a256x256_gt", "e200x300_halluc"]) {
  sharedTensorTest(`clipIqa() rates ${name} as pyiqa does`, `fixtures/metrics/images/${name}.png`, async (path) => {
    await checkScores((await readImage(path)).image, name);
  });
}

tensorTest("CLIP's parts give the values of torch", async () => {
  const { image } = await readImage(goldenPath("metrics-networks/d97x131_gt.png"));
  await withParams(await readParams(), (params) => {
    tf.tidy(() => {
      const maps = clipIqaMaps(config(false), params, rasterToTensor([image]));
      close(maps, fixtureMaps(FIXTURE, "clipiqa.layer4.d97x131"), TOLERANCE);
      const unit = (x: tf.Tensor) => x.div(x.norm("euclidean", -1, true));
      const features = clipPool(config(false).visual, params, maps, false);
      close(unit(features), unit(params["imgfeat.d97x131"]), TOLERANCE);
      for (const [layout] of layouts) close(prompts(params, layout), unit(params[`textfeat.${layout}`]), TOLERANCE);
    });
  });
});

tensorTest("promptTokens() looks up the start, the names, the end and the padding", () => {
  const words = tf.range(0, 49408).expandDims<tf.Tensor2D>(1);
  const { prefix, suffix } = promptTokens(words);
  const found = [...prefix.dataSync(), ...suffix.dataSync()];
  const expected = golden.tokenized_prompts.map((tokens: number[]) => tokens.filter((_, i) => i === 0 || i > 16));
  assertEquals(found.slice(0, 2), expected.map(([start]: number[]) => start));
  assertEquals(found.slice(2), expected.flatMap(([, ...rest]: number[]) => rest));
});
