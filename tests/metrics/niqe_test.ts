import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { rng } from "asasr/core/mod.ts";
import { createRaster, type Raster, readImage } from "asasr/image/mod.ts";
import {
  blockFeatures,
  fitAggd,
  fitNiqe,
  niqe,
  niqeFeatures,
  type NiqeModel,
  niqePlane,
  normaliseContrast,
  type Protocol,
  protocols,
  psnr,
  readNiqeModel,
  ssim,
  writeNiqeModel,
} from "asasr/metrics/mod.ts";
import { inverseQuadraticForm } from "../../lib/metrics/niqe/pseudo_inverse.ts";
import { inFolder } from "../core/folder.ts";
import { fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath, sharedTest } from "../support.ts";

/** Scores and features in doubles (NumPy), of pyiqa 0.1.16 and of BasicSR 8d56e3a. */
const golden: {
  scores: Record<string, Record<string, number | string>>;
  [vector: `aggd.${string}` | `feat.${string}`]: number[];
} = JSON.parse(await Deno.readTextFile(goldenPath("metrics/niqe.json")));
const arrays = readFixture(goldenPath("metrics/niqe.safetensors"));
const synthetic: NiqeModel = {
  mean: fixtureArray(arrays, "synthetic_pristine.mu").data,
  covariance: fixtureArray(arrays, "synthetic_pristine.cov").data,
  source: "synthetic",
};
const { paper } = protocols;
const ycbcr: Protocol = { ...paper, niqe: { space: "ycbcr", border: 0 } };
const open = async (folder: string, name: string): Promise<Raster> => (await readImage(`${folder}/${name}.png`)).image;

Deno.test("fitAggd() and blockFeatures() match NumPy in doubles", () => {
  for (const name of ["zeros+noise", "laplace", "skew"] as const) {
    const { data, shape: [height, width] } = fixtureArray(arrays, `aggd.${name}`);
    const { shape, left, right } = fitAggd(data);
    close([shape, left, right], golden[`aggd.${name}`], 1e-9);
    close(blockFeatures({ width, height, data }), golden[`feat.${name}`], 1e-9);
  }
});

Deno.test("normaliseContrast() and niqeFeatures() match NumPy in doubles", async () => {
  const image = await open(goldenPath("metrics"), "d97x131_gt");
  const plane = niqePlane(image, paper.niqe);
  const cut = {
    width: 96,
    height: 96,
    data: plane.data.filter((_, i) => i % plane.width < 96 && i < 96 * plane.width),
  };
  close(normaliseContrast(cut).values.data, fixtureArray(arrays, "mscn.d97x131_gt.yiq").data, 1e-9);
  for (const space of ["yiq", "ycbcr"] as const) {
    const { values } = niqeFeatures(niqePlane(image, { space, border: 0 }));
    close(values, fixtureArray(arrays, `feat64.d97x131_gt.${space}`).data, 1e-9);
  }
});

async function checkScores(folder: string, name: string, model: NiqeModel, key: string, tie: number): Promise<void> {
  const image = await open(folder, name), expected = golden.scores[name];
  for (const [space, protocol] of [["yiq", paper], ["ycbcr", ycbcr]] as const) {
    // Where Y lies half way between whole numbers, the order of a sum decides how it rounds; where none does, scores
    // agree to 1e-12.
    const value = expected[`f64_${space}_${key}`] as number, tolerance = tie * value;
    assertAlmostEquals(niqe(image, model, protocol), value, tolerance, `${name} ${space}`);
  }
}

for (const name of ["d97x131_gt", "d97x131_blurx4", "d97x131_noise12", "b193x257_gt", "b193x257_halluc"]) {
  Deno.test(`niqe() with a fitted model matches NumPy in doubles on ${name}`, () =>
    checkScores(goldenPath("metrics"), name, synthetic, "synthetic", 1e-2));
}

sharedTest(
  "niqe() with the official parameters matches NumPy and BasicSR",
  "weights/metrics",
  async (weights) => {
    const model = await readNiqeModel(`${weights}/niqe_pris_params.json`);
    const folder = `${weights}/../../fixtures/metrics/images`;
    for (const [name, expected] of Object.entries(golden.scores)) {
      await checkScores(folder, name, model, "official", 1e-3);
      const image = await open(folder, name);
      const cropped = expected.basicsr_y_crop4_official;
      if (typeof cropped !== "number") continue; // BasicSR fails on a single block, as its covariance is undefined
      // float32 Y and resize move shapes by single steps of their grid
      assertAlmostEquals(niqe(image, model, { ...paper, niqe: { space: "ycbcr", border: 4 } }), cropped, 2e-2, name);
    }
  },
);

sharedTest("psnr(), ssim() and niqe() repeat OSEDiff's published numbers", "images/realsr_canon10", async (folder) => {
  const published: Record<string, Record<string, number>> = JSON.parse(
    await Deno.readTextFile(`${folder}/osediff_published_metrics.json`),
  );
  const model = await readNiqeModel(`${folder}/../../weights/metrics/niqe_pris_params.json`);
  const { osediff } = protocols;
  for (const [file, expected] of Object.entries(published)) {
    const [sr, hr] = await Promise.all(["osediff", "HR"].map((d) => readImage(`${folder}/${d}/${file}`)));
    assertAlmostEquals(psnr(sr.image, hr.image, osediff), expected.PSNR, 1e-4, file);
    assertAlmostEquals(ssim(sr.image, hr.image, osediff), expected.SSIM, 1e-5, file);
    // Theirs is computed in float32: where 299 R + 587 G + 114 B ends in 500, Y rounds by chance (up to 0.027 here), and
    // in flat areas the sign of rounding errors decides which side a pixel belongs to (0.045 on one image).
    assertAlmostEquals(niqe(sr.image, model, osediff), expected.NIQE, 0.05, file);
  }
});

Deno.test("niqe() is NaN on a constant image and refuses less than a block", () => {
  const flat = createRaster({ width: 192, height: 96 });
  flat.data.fill(0.5);
  assertEquals(niqe(flat, synthetic), NaN);
  const small = createRaster({ width: 200, height: 95 });
  assertThrows(() => niqe(small, synthetic), RangeError, "at least 96 px: current size is 200 x 95");
});

Deno.test("fitNiqe() finds its own images natural and others not; its file reads back", () =>
  inFolder(async (folder) => {
    const size = { width: 480, height: 480 };
    const images = [1, 2, 3].map((seed) => createRaster(size, 1, rng(seed, "image").uniforms(480 * 480)));
    const model = await fitNiqe(images, { choices: paper.niqe, source: "uniform noise" });
    const other = createRaster(size, 1, images[0].data.map((v, i) => i % 2 ? v : 0.5));
    assert(niqe(images[0], model) < niqe(other, model));
    await writeNiqeModel(`${folder}/model.json`, model);
    assertEquals(await readNiqeModel(`${folder}/model.json`), model);
    await assertRejects(
      () => fitNiqe(images.slice(0, 1), { choices: paper.niqe, source: "" }),
      Error,
      "72 sharp blocks",
    );
    await Deno.writeTextFile(`${folder}/bad.json`, "{}");
    await assertRejects(() => readNiqeModel(`${folder}/bad.json`), Error, "mu_pris_param of 36");
  }));

Deno.test("inverseQuadraticForm() solves, and drops what is singular", () => {
  const n = 6, a = rng(1, "matrix").normals(n * n), d = Float64Array.from(rng(2, "vector").normals(n));
  const s = new Float64Array(n * n).map((_, at) => {
    const i = Math.floor(at / n), j = at % n;
    return Array.from({ length: n }, (_, k) => a[i * n + k] * a[j * n + k]).reduce((x, y) => x + y);
  });
  const image = Float64Array.from({ length: n }, (_, i) => d.reduce((sum, value, j) => sum + s[i * n + j] * value, 0));
  // (S d)^T S^-1 (S d) = d^T S d
  const expected = d.reduce((sum, value, i) => sum + value * image[i], 0);
  assertAlmostEquals(inverseQuadraticForm(s, image), expected, 1e-9 * expected);
  assertEquals(inverseQuadraticForm(Float64Array.of(2, 0, 0, 0), Float64Array.of(4, 5)), 8);
});
