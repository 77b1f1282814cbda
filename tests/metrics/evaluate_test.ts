import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rng } from "asasr/core/mod.ts";
import { createRaster, type Raster } from "asasr/image/mod.ts";
import { describeProtocol, evaluate, metrics, metricsFor, prepareSet, protocols } from "asasr/metrics/mod.ts";

function images(seed: number, count: number, size: number): Raster[] {
  return Array.from(
    { length: count },
    (_, i) => createRaster({ width: size, height: size }, 3, rng(seed, "image", 0, i).uniforms(3 * size * size)),
  );
}

Deno.test("evaluate() gives every metric per image and for the set", () => {
  const results = images(1, 3, 24), truths = images(2, 3, 24);
  const { perImage, values } = evaluate(results, prepareSet(truths));
  assertEquals(Object.keys(values), ["psnrDb", "ssim", "gmsd", "lsdDb", "hfRatio", "swd", "psdDistanceDb", "lsdE"]);
  assertEquals(Object.keys(perImage), ["psnrDb", "ssim", "gmsd", "lsdDb", "lsdE"]);
  for (const [name, row] of Object.entries(perImage)) {
    assertEquals(row.length, 3);
    assertAlmostEquals(values[name], row.reduce((a, b) => a + b) / 3, 1e-12);
  }
  for (const { name, range: [low, high] } of metricsFor(truths)) assert(values[name] >= low && values[name] <= high);
  assertAlmostEquals(values.lsdE, values.lsdDb * Math.LN10, 1e-9);
});

Deno.test("evaluate() finds the truth best in every metric", () => {
  const truths = images(2, 2, 176), { values } = evaluate(truths, truths);
  assertEquals(values.psnrDb, 80);
  for (const { name, better } of metrics) {
    if (name !== "psnrDb") assertAlmostEquals(values[name], better === "lower" ? 0 : 1, 1e-9, name);
  }
});

Deno.test("evaluate() needs a truth for every result", () => {
  assertThrows(() => evaluate(images(1, 2, 8), images(1, 1, 8)), RangeError, "current values are 2 and 1");
  assertThrows(() => evaluate([], []), RangeError, "current values are 0 and 0");
});

Deno.test("describeProtocol() names every choice", () => {
  const text = describeProtocol(protocols.basicsr);
  for (const part of ["basicsr", "Y of YCbCr", "4 px", "8 bits", "255", "unrounded", "unbounded"]) {
    assert(text.includes(part));
  }
  assert(describeProtocol({ ...protocols.pyiqa, channel: "rgb" }).includes("RGB"));
});
