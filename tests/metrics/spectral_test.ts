import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rng } from "asasr/core/mod.ts";
import { createRaster, type Raster, readImage } from "asasr/image/mod.ts";
import {
  hfRatio,
  lsd,
  type LsdOptions,
  type MetricImage,
  prepareImage,
  protocols,
  psdDistance,
  radialLsd,
  setSpectrum,
  slicedWasserstein,
} from "asasr/metrics/mod.ts";
import { goldenPath, sharedTest } from "../support.ts";

/** Several definitions of one distance, SciPy 1.17.1 and NumPy in doubles. */
const golden: { lsd: Record<string, Record<string, number>> } = JSON.parse(
  await Deno.readTextFile(goldenPath("metrics/lsd.json")),
);

/** Every form of the goldens. */
const forms: Readonly<Record<string, (sr: MetricImage, hr: MetricImage) => number>> = {
  "rms_20log10(dB)": (sr, hr) => lsd(sr, hr),
  "mean_abs_20log10": form({ average: "absolute" }),
  "rms_20ln": form({ base: "e" }),
  "mean_abs_20ln": form({ base: "e", average: "absolute" }),
  "rms_ln_mag": form({ base: "e", factor: 1 }),
  "rms_10log10(1+mag)": form({ factor: 10, offset: 1 }),
  "rms_20ln(1+mag)": form({ base: "e", offset: 1 }),
  "rowwise_mean_rms_20log10": form({ average: "rows" }),
  "rms_20ln(1+mag)_255": form({ base: "e", offset: 1, peak: 255 }),
  "rms_20log10(1+mag)_255": form({ offset: 1, peak: 255 }),
  "radial_psd_rms_10log10": (sr, hr) => radialLsd(sr, hr),
};

function form(options: LsdOptions): (sr: MetricImage, hr: MetricImage) => number {
  return (sr, hr) => lsd(sr, hr, protocols.paper, options);
}

async function checkLsd(name: string, folder: string): Promise<void> {
  const [sr, hr] = await Promise.all(
    [name, `${name.split("_")[0]}_gt`].map(async (file) =>
      prepareImage((await readImage(`${folder}/${file}.png`)).image, protocols.paper)
    ),
  );
  assertEquals(Object.keys(golden.lsd[name]), Object.keys(forms)); // none is forgotten
  for (const [key, measure] of Object.entries(forms)) {
    const value = measure(sr, hr), expected = golden.lsd[name][key];
    assertAlmostEquals(value, expected, 1e-9 * Math.max(1, expected), `${key} of ${name}: ${value}, ${expected}`);
  }
}

for (const name of ["d97x131_blurx4", "d97x131_noise12", "d97x131_shift1", "b193x257_halluc"]) {
  Deno.test(`lsd() and radialLsd() match NumPy in every form on ${name}`, () => checkLsd(name, goldenPath("metrics")));
}
sharedTest("lsd() and radialLsd() match NumPy on all pairs", "fixtures/metrics/images", async (folder) => {
  for (const name of Object.keys(golden.lsd)) await checkLsd(name, folder);
});

/** Gray images of independent uniform noise about 0.5. */
function noise(count: number, size: number, amplitude: number, seed = 1): Raster[] {
  return Array.from({ length: count }, (_, i) => {
    const values = rng(seed, "noise", 0, i).uniforms(size * size).map((u) => 0.5 + amplitude * (u - 0.5));
    return createRaster({ width: size, height: size }, 1, values);
  });
}
const exact = { ...protocols.paper, quantise: false };

Deno.test("lsd() does not see phases", () => {
  const [image] = noise(1, 16, 0.5);
  const rolled = createRaster(image, 1, image.data.map((_, i) => image.data[Math.floor(i / 16) * 16 + (i + 5) % 16]));
  assertAlmostEquals(lsd(rolled, image, exact), 0, 1e-4);
});

Deno.test("hfRatio() and psdDistance() scale with the power", () => {
  const truths = noise(6, 32, 0.4), quieter = noise(6, 32, 0.2);
  assertAlmostEquals(hfRatio(quieter, truths, exact), 0.25, 1e-5);
  assertAlmostEquals(psdDistance(quieter, truths, exact), 20 * Math.log10(2), 1e-4);
  assertEquals([hfRatio(truths, truths), psdDistance(truths, truths), slicedWasserstein(truths, truths)], [1, 0, 0]);
});

Deno.test("setSpectrum() of white noise is flat at its variance", () => {
  const { frequency, power } = setSpectrum(noise(64, 32, 0.6), exact);
  const variance = 0.6 ** 2 / 12;
  assertEquals([frequency.length, frequency[0]], [15, 1.5 / 32]);
  for (const value of power) assert(Math.abs(value / variance - 1) < 0.15, `${value / variance}`);
});

Deno.test("slicedWasserstein() is the exact distance for scaled patches", () => {
  const truths = noise(8, 20, 0.6), quieter = noise(8, 20, 0.3), half = createRaster({ width: 20, height: 20 }, 1);
  half.data.fill(0.5);
  // The quantiles of x / 2 are halves of those of x: the distance to x is that to a constant, halved.
  const toConstant = slicedWasserstein([half], truths, exact), toQuieter = slicedWasserstein(quieter, truths, exact);
  assertAlmostEquals(toQuieter, toConstant / 2, 0.03);
  // E|z| of a normal projection is sqrt(2 / pi) of its deviation; studio range is 219 levels.
  assertAlmostEquals(toConstant, Math.sqrt(2 / Math.PI) * 219 * 0.6 / Math.sqrt(12), 1.5);
});

Deno.test("slicedWasserstein() needs no pairing and does not see the mean", () => {
  const a = noise(5, 20, 0.5),
    b = noise(9, 26, 0.5, 2),
    brighter = a.map((r) => createRaster(r, 1, r.data.map((v) => v + 0.1)));
  assertAlmostEquals(slicedWasserstein([...a].reverse(), b), slicedWasserstein(a, b), 1e-9);
  assertAlmostEquals(slicedWasserstein(brighter, b, exact), slicedWasserstein(a, b, exact), 0.01);
});

Deno.test("set metrics refuse empty sets and mixed sizes", () => {
  const small = noise(1, 8, 1), large = noise(1, 16, 1);
  assertThrows(() => setSpectrum([]), RangeError, "there must be an image");
  assertThrows(() => setSpectrum([...small, ...large]), RangeError, "current values are 4 and 8 bins");
  assertThrows(() => psdDistance(small, large), RangeError, "current values are 3 and 7 bins");
  assertThrows(() => slicedWasserstein([], small), RangeError, "there must be an image");
  assertThrows(() => slicedWasserstein(noise(1, 4, 1), small), RangeError, "at least 5 px");
});
