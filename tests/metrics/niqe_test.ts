import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { rng } from "asasr/core/mod.ts";
import {
  createRaster,
  fromBytes,
  fusedLuma,
  luma,
  type Raster,
  readImage,
  resizeBicubicPlane,
} from "asasr/image/mod.ts";
import {
  blockFeatures,
  fitAggd,
  fitNiqe,
  niqe,
  type NiqeChoices,
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
import { ratioTable } from "../../lib/metrics/niqe/aggd.ts";
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
const SHARED = "fixtures/metrics/images";
/** The Y of the goldens in doubles: halves as NumPy's product of matrices rounds them. */
const fused = (space: NiqeChoices["space"]): NiqeChoices => ({ space, border: 0, halves: "fused" });
const spaces = ["yiq", "ycbcr"] as const;
const open = async (folder: string, name: string): Promise<Raster> => (await readImage(`${folder}/${name}.png`)).image;
/** The paper's protocol with another NIQE. */
const withNiqe = (choices: NiqeChoices): Protocol => ({ ...paper, niqe: choices });

Deno.test("fitAggd() and blockFeatures() match NumPy in doubles", () => {
  close(ratioTable(), fixtureArray(arrays, "r_gamma_table").data, 1e-9);
  for (const name of ["zeros+noise", "laplace", "skew"] as const) {
    const { data, shape: [height, width] } = fixtureArray(arrays, `aggd.${name}`);
    const { shape, left, right } = fitAggd(data);
    close([shape, left, right], golden[`aggd.${name}`], 1e-9);
    close(blockFeatures({ width, height, data }), golden[`feat.${name}`], 1e-9);
  }
});

Deno.test("normaliseContrast() and the halved plane match NumPy in doubles", async () => {
  const plane = niqePlane(await open(goldenPath("metrics"), "d97x131_gt"), fused("yiq"));
  const data = plane.data.filter((_, i) => i % plane.width < 96 && i < 96 * plane.width);
  const cut = { width: 96, height: 96, data };
  close(normaliseContrast(cut).values.data, fixtureArray(arrays, "mscn.d97x131_gt.yiq").data, 1e-9);
  const half = resizeBicubicPlane({ ...cut, data: data.map((value) => value / 255) }, 0.5).data;
  close(half.map((value) => value * 255), fixtureArray(arrays, "half.d97x131_gt.yiq").data, 1e-9);
});

Deno.test("normaliseContrast() filters by the authors' Gaussian", () => {
  const impulse = new Float64Array(15 * 15);
  impulse[7 * 15 + 7] = 1;
  const { values, deviation } = normaliseContrast({ width: 15, height: 15, data: impulse });
  const { data } = fixtureArray(arrays, "gauss7");
  const found = data.map((_, k) => {
    const at = (4 + Math.floor(k / 7)) * 15 + 4 + k % 7;
    return impulse[at] - values.data[at] * (deviation.data[at] + 1);
  });
  close(found, data, 1e-15);
});

async function checkFeatures(folder: string, name: string): Promise<void> {
  const image = await open(folder, name);
  const columns = Math.floor(image.width / 96), rows = Math.floor(image.height / 96);
  for (const space of spaces) {
    const { values } = niqeFeatures(niqePlane(image, fused(space)));
    const expected = fixtureArray(arrays, `feat64.${name}.${space}`).data; // columns of blocks, ours are rows
    const ours = Float64Array.from({ length: values.length }, (_, i) => {
      const block = Math.floor(i / 36);
      return values[(block % rows * columns + Math.floor(block / rows)) * 36 + i % 36];
    });
    close(ours, expected, 1e-9);
  }
}

Deno.test("niqeFeatures() match NumPy in doubles", () => checkFeatures(goldenPath("metrics"), "d97x131_gt"));
sharedTest("niqeFeatures() match NumPy in doubles on every stored image", SHARED, async (folder) => {
  const names = new Set([...arrays.keys()].filter((key) => key.startsWith("feat64.")).map((key) => key.split(".")[1]));
  assertEquals(names.size, 5);
  for (const name of names) await checkFeatures(folder, name);
});

/** Compares with every score of one image under one model. */
Deno.test("normaliseContrast() of some rows is that part of the whole, bit for bit", () => {
  const cut = { width: 21, height: 30 }, plane = { width: 25, height: 33, data: new Float64Array(25 * 33) };
  const random = rng(0, "test/mscn"), part = { ...cut, data: new Float64Array(21 * 30) };
  for (let i = 0; i < plane.data.length; i++) plane.data[i] = random.int(256);
  for (let i = 0; i < part.data.length; i++) part.data[i] = plane.data[Math.floor(i / 21) * 25 + i % 21];
  const whole = normaliseContrast(part);
  for (const [first, count] of [[0, 10], [10, 13], [23, 7]]) {
    const rows = normaliseContrast(plane, cut, { first, count });
    for (const kind of ["values", "deviation"] as const) {
      assertEquals(rows[kind].data, whole[kind].data.slice(first * 21, (first + count) * 21));
    }
  }
});

async function checkScores(folder: string, name: string, model: NiqeModel, key: string): Promise<void> {
  const image = await open(folder, name), expected = golden.scores[name];
  for (const space of spaces) {
    const double = expected[`f64_${space}_${key}`] as number, single = expected[`pyiqa_${space}_${key}`] as number;
    const value = niqe(image, model, withNiqe(fused(space)));
    assertAlmostEquals(value, double, 1e-6, `${name} ${space}: ${value}, ${double}`);
    // README of the fixtures: pyiqa's float32 moves shapes by single steps of their grid.
    const even = niqe(image, model, withNiqe({ ...fused(space), halves: "even" }));
    const tolerance = key === "official" ? 2e-2 : 0.01 * single;
    assertAlmostEquals(even, single, tolerance, `${name} ${space}: ${even}, pyiqa ${single}`);
  }
  for (const border of [0, 4]) {
    const stored = expected[`basicsr_y_crop${border}_${key}`];
    if (typeof stored !== "number") continue; // BasicSR fails on a single block: its covariance is undefined
    const value = niqe(image, model, withNiqe({ space: "ycbcr", border, halves: "even" }));
    assertAlmostEquals(value, stored, 2e-2, `${name}, ${border} px cropped: ${value}, ${stored}`);
  }
}

for (const name of ["d97x131_gt", "d97x131_blurx4", "d97x131_noise12", "b193x257_gt", "b193x257_halluc"]) {
  Deno.test(`niqe() with a fitted model matches NumPy in doubles and pyiqa on ${name}`, () =>
    checkScores(goldenPath("metrics"), name, synthetic, "synthetic"));
}
sharedTest("niqe() with a fitted model matches on all images", SHARED, async (folder) => {
  for (const name of Object.keys(golden.scores)) await checkScores(folder, name, synthetic, "synthetic");
});
sharedTest(
  "niqe() with the official parameters matches NumPy, pyiqa and BasicSR",
  "weights/metrics",
  async (weights) => {
    const model = await readNiqeModel(`${weights}/niqe_pris_params.json`);
    for (const name of Object.keys(golden.scores)) {
      await checkScores(`${weights}/../../${SHARED}`, name, model, "official");
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
    // Theirs is computed in float32, where halves of Y fall by chance: 0.0053 at most.
    assertAlmostEquals(niqe(sr.image, model, osediff), expected.NIQE, 6e-3, file);
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

Deno.test("fusedLuma() rounds as NumPy's product of matrices, luma() to the very half", () => {
  // np.array([pixel]) @ np.array([.299, .587, .114]), NumPy 2.4.6 on x86-64
  const pixels: [[number, number, number], number][] = [
    [[1, 63, 230], 63.49999999999999],
    [[3, 39, 15], 25.499999999999996],
    [[0, 60, 20], 37.5],
    [[29, 147, 110], 107.50000000000001],
    [[45, 255, 240], 190.50000000000003],
  ];
  for (const [pixel, expected] of pixels) {
    assertEquals(fusedLuma(pixel, "yiq"), expected);
    const exact = luma(fromBytes(pixel, { width: 1, height: 1 }), "yiq")[0];
    assertEquals(exact, Math.floor(expected) + 0.5);
  }
});

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
