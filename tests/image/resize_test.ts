import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  createRaster,
  fromBytes,
  interpolate,
  type InterpolationMode,
  type Raster,
  resizeBicubic,
} from "../../lib/image/mod.ts";
import { type FixtureArray, fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath, sharedTest } from "../support.ts";

const TOLERANCE = 2e-6; // of the fixture; the PyTorch results are float32

function toRaster({ shape: [height, width], data }: FixtureArray): Raster {
  return createRaster({ width, height }, 3, Float32Array.from(data));
}

/** The image with 8 bits, from the doubles of the fixture (ties to even). */
function rounded({ shape: [height, width], data }: FixtureArray): Raster {
  return fromBytes(Uint8ClampedArray.from(data, (value) => value * 255), { width, height });
}

/** Compares every stored result whose name starts with `kind`; returns how many there were. */
function compareAll(path: string, kind: string, resize: (source: Raster, rule: string) => Raster): number {
  const fixture = readFixture(path);
  let compared = 0;
  for (const [name, expected] of fixture) {
    const [family, source, ...rule] = name.split(".");
    if (family !== kind) continue;
    const scale = kind === "matlab_u8" ? 255 : 1;
    const original = fixtureArray(fixture, `src.${source}`);
    const actual = resize(kind === "matlab_u8" ? rounded(original) : toRaster(original), rule.join("."));
    assertEquals([actual.height, actual.width, 3], expected.shape as [number, number, number], name);
    close(actual.data, Array.from(expected.data, (value) => value / scale), TOLERANCE);
    compared++;
  }
  assert(compared > 0, `no ${kind} in the fixture`);
  return compared;
}

/** "x0.3333" means 1/3 in the fixture. */
const factor = (rule: string) => rule === "x0.3333" ? 1 / 3 : Number(rule.slice(1));

function size(rule: string): { width: number; height: number } {
  const [height, width] = rule.split("x").map(Number);
  return { width, height };
}

function mode(rule: string): [InterpolationMode, string] {
  const at = rule.indexOf(".");
  return [rule.slice(0, at) as InterpolationMode, rule.slice(at + 1)];
}

function compareBicubic(path: string): void {
  compareAll(path, "matlab", (r, rule) => resizeBicubic(r, factor(rule)));
  compareAll(path, "matlab_size", (r, rule) => resizeBicubic(r, size(rule)));
  compareAll(path, "matlab_u8", (r, rule) => resizeBicubic(r, factor(rule), { uint8: true }));
}

function compareInterpolate(path: string): void {
  compareAll(path, "interp_sf", (r, rule) => interpolate(r, mode(rule)[0], Number(mode(rule)[1])));
  compareAll(path, "interp_size", (r, rule) => interpolate(r, mode(rule)[0], size(mode(rule)[1])));
}

// MATLAB's imresize restated in float64, checked there against BasicSR 8d56e3a and pyiqa 0.1.16
Deno.test("resizeBicubic() agrees with MATLAB's imresize", () =>
  compareBicubic(goldenPath("image/resize.safetensors")));
sharedTest(
  "resizeBicubic() agrees with MATLAB's imresize on every fixture",
  "fixtures/metrics/resize.safetensors",
  compareBicubic,
);

// torch.nn.functional.interpolate, PyTorch 2.15.0
Deno.test("interpolate() agrees with PyTorch", () => compareInterpolate(goldenPath("image/resize.safetensors")));
sharedTest(
  "interpolate() agrees with PyTorch on every fixture",
  "fixtures/metrics/resize.safetensors",
  compareInterpolate,
);

Deno.test("resizeBicubic() keeps a flat image flat", () => {
  const flat = createRaster({ width: 13, height: 7 });
  flat.data.fill(0.3);
  for (const scale of [0.25, 0.37, 1.7, 4]) {
    for (const value of resizeBicubic(flat, scale).data) assert(Math.abs(value - 0.3) < 1e-7);
  }
});

Deno.test("resizeBicubic() by 4 and back by 1/4 keeps the mean", () => {
  const r = createRaster({ width: 12, height: 8 }, 1);
  r.data.forEach((_, i) => r.data[i] = (i * 37 % 11) / 10);
  const mean = (x: Raster) => x.data.reduce((sum, value) => sum + value, 0) / x.data.length;
  const large = resizeBicubic(r, 4);
  assert(Math.abs(mean(large) - mean(r)) < 1e-6);
  assert(Math.abs(mean(resizeBicubic(large, 0.25)) - mean(r)) < 1e-3); // the border's weights are not symmetric
});

Deno.test("resizeBicubic() and interpolate() refuse an empty result", () => {
  const r = createRaster({ width: 4, height: 4 });
  assertThrows(() => resizeBicubic(r, 0), RangeError, "positive");
  assertThrows(() => resizeBicubic(r, { width: 0, height: 4 }), RangeError, "0 x 4");
  assertThrows(() => interpolate(r, "area", 0.2), RangeError, "0 x 0");
});
