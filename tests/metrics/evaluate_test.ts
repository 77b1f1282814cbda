import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { rng, UsageError } from "asasr/core/mod.ts";
import { createRaster, type Raster } from "asasr/image/mod.ts";
import {
  chooseMetrics,
  describeProtocol,
  evaluate,
  experimentMetrics,
  imageMetrics,
  metrics,
  metricsFor,
  openMetric,
  prepareImage,
  prepareSet,
  protocolGaps,
  protocolMetrics,
  protocols,
} from "asasr/metrics/mod.ts";

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
  for (const { name, better } of experimentMetrics) {
    if (name !== "psnrDb") assertAlmostEquals(values[name], better === "lower" ? 0 : 1, 1e-9, name);
  }
});

Deno.test("evaluate() needs a truth for every result", () => {
  assertThrows(() => evaluate(images(1, 2, 8), images(1, 1, 8)), RangeError, "current values are 2 and 1");
  assertThrows(() => evaluate([], []), RangeError, "current values are 0 and 0");
});

Deno.test("describeProtocol() names every choice of the metrics in use, and no other", () => {
  const text = describeProtocol(protocols.basicsr, metricsFor([{ width: 64, height: 64 }]));
  for (const part of ["basicsr", "Y of YCbCr", "4 px", "8 bits", "255", "unrounded", "unbounded"]) {
    assert(text.includes(part), part);
  }
  for (const part of ["NIQE", "checkpoints"]) assert(!text.includes(part), part);
  for (const name of ["PSNR ", "SSIM 11x11", "GMSD on", "LSD rms", "LSD (base e) rms", "spectra of"]) {
    assertEquals(text.split(name).length, 2, `${name} is said once in ${text}`);
  }
  assert(describeProtocol(protocols.paper, experimentMetrics).includes("MS-SSIM of five levels on rounded planes"));
  const networks = chooseMetrics(["niqe", "lpips", "maniqa"], protocols.seesr);
  const told = describeProtocol({ ...protocols.seesr, channel: "rgb" }, networks);
  for (
    const part of [
      "RGB",
      "NIQE on rounded Y of YIQ, halves to even, 0 px",
      "checkpoints: lpips v0.1 alex, maniqa pipal",
    ]
  ) {
    assert(told.includes(part), part);
  }
  assert(!told.includes("PSNR"));
});

Deno.test("every metric has a name of its own, a range, a source, and files with an origin", () => {
  assertEquals(new Set(metrics.map(({ name }) => name)).size, metrics.length);
  for (const metric of metrics) {
    assert(metric.range[0] < metric.range[1] && metric.source.length > 5 && metric.leastSide >= 1, metric.name);
    if (metric.level === "image") {
      for (const { file, origin } of metric.weights) assert(/\.(json|safetensors)$/.test(file) && origin.length > 5);
    }
  }
});

Deno.test("chooseMetrics() takes the protocol's network for a family, and any by its own name", () => {
  const names = (...args: Parameters<typeof chooseMetrics>) => chooseMetrics(...args).map(({ name }) => name);
  assertEquals(names(["maniqa", "lpips", "lpipsVgg", "ssim"], protocols.paper), [
    "maniqaKoniq",
    "lpipsAlex",
    "lpipsVgg",
    "ssim",
  ]);
  assertEquals(names(["maniqa", "maniqaPipal", "musiq"], protocols.osediff), ["maniqaPipal", "musiqKoniq"]);
  assertEquals(names(["clipiqa"], protocols.paper), ["clipiqaPlus"]);
  assertThrows(() => names(["clipiqa"], protocols.seesr), UsageError, "clipiqaPlus, clipiqaPlus512");
  assertThrows(() => names(["lpipz"], protocols.paper), UsageError, "lpipsAlex");
  const short = ["PSNR", "lsd", "psdDistance", "hfratio"];
  assertEquals(names(short, protocols.paper), ["psnrDb", "lsdDb", "psdDistanceDb", "hfRatio"]);
  const all = protocolMetrics(protocols.seesr).map(({ name }) => name);
  assert(all.includes("maniqaPipal") && !all.includes("maniqaKoniq") && !all.includes("lpipsVgg"));
});

Deno.test("protocolGaps() tells which networks of a protocol are not here", () => {
  assertEquals(protocolGaps(protocols.paper), []);
  const [gap, ...others] = protocolGaps(protocols.osediff);
  assertEquals([gap.name, others], ["clipiqa", []]);
  assert(gap.reason.includes("CLIP-IQA RN50 with fixed prompts") && gap.reason.includes("clipiqaPlus"), gap.reason);
});

Deno.test("openMetric() of pixels measures as the function does, and needs a truth", async () => {
  const [a, b] = prepareSet(images(3, 2, 16));
  const [psnr] = metricsFor([a]);
  assert(psnr.level === "image");
  using open = await openMetric(psnr, protocols.paper);
  assertEquals(await open.measure(a, b), psnr.measure(a, b, protocols.paper));
  await assertRejects(() => open.measure(prepareImage(a, protocols.paper), null), RangeError, "a truth must be given");
});

Deno.test("data/README.md names every file of weights", async () => {
  const text = await Deno.readTextFile(new URL("../../data/README.md", import.meta.url));
  const files = imageMetrics.flatMap(({ weights }) => weights.map(({ file }) => file));
  assertEquals(files.filter((file) => !text.includes(`\`${file}\``)), []);
});
