import { assert, assertEquals } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { luma, readImage } from "../../lib/image/mod.ts";
import {
  applySigma,
  applySigmaInverse,
  colouredNoise,
  dct2,
  type FrequencyUnit,
  idct2,
  plainDct2,
  type PlainField,
  plainIdct2,
  plainSobolevInner,
  plainWeigh,
  radialPsd,
  sobolevEnergy,
  sobolevInner,
  sobolevWeights,
  spectralSlope,
} from "../../lib/sobolev/mod.ts";
import { type FixtureArray, fixtureArray, readFixture } from "../fixture.ts";
import { close, sharedTensorTest, sharedTest } from "../support.ts";
import type { SpectralNumbers } from "./golden.ts";

/** Every array and number of the fixture: SciPy 1.17.1 and NumPy in float64. The repository holds a part of them. */
const FIXTURE = "fixtures/metrics/spectral.safetensors";
/** README of the fixtures, and the project's tolerance of float32. */
const DOUBLE = { relative: 1e-9 }, SINGLE = { relative: 1e-5 };

interface Fixture {
  readonly arrays: Map<string, FixtureArray>;
  readonly numbers: SpectralNumbers;
}

function open(path: string): Fixture {
  const numbers = JSON.parse(Deno.readTextFileSync(path.replace(".safetensors", ".json")));
  return { arrays: readFixture(path), numbers };
}

function field({ arrays }: Fixture, name: string): PlainField {
  const { shape: [height, width, channels = 1], data } = fixtureArray(arrays, name);
  return { height, width, channels, data };
}

function tensor({ height, width, channels, data }: PlainField): tf.Tensor4D {
  return tf.tensor4d(Float32Array.from(data), [1, height, width, channels]);
}

/** Names of the arrays "X.part" without the part. */
function casesOf({ arrays }: Fixture, part: string): string[] {
  return [...arrays.keys()].filter((name) => name.endsWith(`.${part}`)).map((name) => name.slice(0, -part.length - 1));
}

sharedTest("plainDct2() and plainIdct2() equal SciPy's at every size", FIXTURE, (path) => {
  const fixture = open(path), sizes = Object.keys(fixture.numbers.dct);
  assertEquals(sizes.length, 11);
  for (const name of sizes) {
    const transformed = plainDct2(field(fixture, `${name}.x`)), { parseval_x } = fixture.numbers.dct[name];
    close(transformed.data, field(fixture, `${name}.X`).data, DOUBLE);
    close(plainIdct2(field(fixture, `${name}.C`)).data, field(fixture, `${name}.idct_of_C`).data, DOUBLE);
    close(transformed.data.reduce((sum, value) => sum + value * value, 0), parseval_x, DOUBLE);
  }
});

sharedTensorTest("dct2() and idct2() equal SciPy's at every size, and of a batch", FIXTURE, (path) => {
  const fixture = open(path);
  tf.tidy(() => {
    for (const name of Object.keys(fixture.numbers.dct)) {
      close(dct2(tensor(field(fixture, `${name}.x`))), tensor(field(fixture, `${name}.X`)), SINGLE);
      close(idct2(tensor(field(fixture, `${name}.C`))), tensor(field(fixture, `${name}.idct_of_C`)), SINGLE);
    }
    const [x, X] = ["x", "X"].map((part) => fixtureArray(fixture.arrays, `dct.nhwc.${part}`));
    const batch = ({ shape, data }: FixtureArray) =>
      tf.tensor4d(Float32Array.from(data), shape as [number, number, number, number]);
    close(dct2(batch(x)), batch(X), SINGLE);
  });
});

sharedTest("plainSobolevInner() and sobolevWeights() equal NumPy's in all 80 cases", FIXTURE, (path) => {
  const fixture = open(path);
  assertEquals(fixture.numbers.sobolev.length, 80);
  for (
    const { case: name, omega: unit, s, norm2_x, mean_x, inner_xg, weight_mean, weight_max } of fixture.numbers.sobolev
  ) {
    const x = field(fixture, `${name}.x`), g = field(fixture, `${name}.g`);
    close(plainSobolevInner(x, x, s, { unit }), norm2_x, DOUBLE);
    close(norm2_x / x.data.length, mean_x, DOUBLE);
    close(plainSobolevInner(x, g, s, { unit }), inner_xg, 1e-9 * norm2_x);
    const weights = sobolevWeights(x.height, x.width, s, { unit });
    close(weights.reduce((sum, weight) => sum + weight, 0) / weights.length, weight_mean, DOUBLE);
    close(weights.reduce((most, weight) => Math.max(most, weight), 0), weight_max, DOUBLE);
  }
});

sharedTensorTest("sobolevEnergy() and sobolevInner() equal NumPy's in all 80 cases", FIXTURE, (path) => {
  const fixture = open(path);
  for (const { case: name, omega: unit, s, norm2_x, mean_x, inner_xg, weight_mean } of fixture.numbers.sobolev) {
    tf.tidy(() => {
      const [x, g] = ["x", "g"].map((part) => tensor(field(fixture, `${name}.${part}`)));
      close(sobolevEnergy(x, s, { unit, reduction: "sum" }), [norm2_x], SINGLE);
      close(sobolevEnergy(x, s, { unit }), [mean_x / weight_mean], SINGLE);
      close(sobolevInner(x, g, s, { unit }), [inner_xg], 1e-5 * norm2_x);
    });
  }
});

/** Every stored operator: its field, unit and index. */
function operators(fixture: Fixture): { name: string; x: PlainField; g: PlainField; unit: FrequencyUnit; s: number }[] {
  return casesOf(fixture, "cov_g").map((name) => {
    const [, size, unit, index] = /^(sob\.\w+)\.(\w+)\.s([\d.]+)$/.exec(name)!;
    const [x, g] = ["x", "g"].map((part) => field(fixture, `${size}.${part}`));
    return { name, x, g, unit: unit as FrequencyUnit, s: Number(index) };
  });
}

const epsilon = 0.7; // of the stored Riesz steps

sharedTest(
  "plainWeigh() equals SciPy's precision, covariance, coloured noise and Riesz step everywhere",
  FIXTURE,
  (path) => {
    const fixture = open(path), cases = operators(fixture);
    assertEquals(cases.length, 12);
    for (const { name, x, g, unit, s } of cases) {
      const stored = (part: string) => field(fixture, `${name}.${part}`).data;
      const gradient = plainWeigh(g, -s, { unit }).data;
      close(plainWeigh(x, s, { unit }).data, stored("precision_x"), DOUBLE);
      close(gradient, stored("cov_g"), DOUBLE);
      close(plainWeigh(x, -s / 2, { unit }).data, stored("coloured_x"), DOUBLE);
      const scale = -epsilon / Math.sqrt(g.data.reduce((sum, value, i) => sum + value * gradient[i], 0));
      close(gradient.map((value) => value * scale), stored("riesz_step_eps0.7"), DOUBLE);
    }
  },
);

sharedTensorTest("applySigma() and its kin equal SciPy's everywhere", FIXTURE, (path) => {
  const fixture = open(path);
  for (const { name, x, g, unit, s } of operators(fixture)) {
    tf.tidy(() => {
      const stored = (part: string) => tensor(field(fixture, `${name}.${part}`));
      const gradient = applySigma(tensor(g), s, { unit });
      close(applySigmaInverse(tensor(x), s, { unit }), stored("precision_x"), SINGLE);
      close(gradient, stored("cov_g"), SINGLE);
      close(colouredNoise(tensor(x), s, { unit }), stored("coloured_x"), SINGLE);
      const step = gradient.mul(-epsilon).div<tf.Tensor4D>(tensor(g).mul(gradient).sum().sqrt());
      close(step, stored("riesz_step_eps0.7"), SINGLE);
    });
  }
});

sharedTest("radialPsd() and spectralSlope() equal NumPy's on every image", FIXTURE, async (path) => {
  const fixture = open(path);
  assertEquals(Object.keys(fixture.numbers.psd).length, 6);
  for (const [name, windows] of Object.entries(fixture.numbers.psd)) {
    const { image } = await readImage(path.replace("spectral.safetensors", `images/${name}.png`));
    const Y = luma(image, "yiq").map((value) => value / 255);
    const mean = Y.reduce((sum, value) => sum + value, 0) / Y.length;
    const variance = Y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Y.length;
    for (const window of ["none", "hann"] as const) {
      const psd = radialPsd(Y, image.height, image.width, { window }),
        stored = (part: string) => fixtureArray(fixture.arrays, `psd.${part}`).data;
      const size = name.replace("_gt", "");
      close(psd.frequency, stored(`${size}.freq`), 1e-15);
      close(psd.count, stored(`${size}.count`), 0);
      // NumPy's table has 0 in a ring without a coefficient
      close(psd.power.map((power, ring) => psd.count[ring] > 0 ? power : 0), stored(`${name}.${window}`), DOUBLE);
      const { slope, intercept } = spectralSlope(psd);
      close([slope, intercept], [windows[window]["slope_loglog_.02_.4"], windows[window].intercept], 1e-9);
      close(variance, windows[window].var, DOUBLE);
      assert(window === "hann" || Math.abs(windows.none["sumP_over_HW"] - variance) < 1e-12); // Parseval
    }
  }
});
