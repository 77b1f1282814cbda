import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../lib/core/mod.ts";
import {
  countShapes,
  FLUX_DEV,
  fluxLinears,
  fluxShapes,
  fluxTargets,
  parseFluxConfig,
} from "../../lib/backbones/mod.ts";
import { goldenPath, sharedTest } from "../support.ts";

Deno.test("FLUX_DEV has as many parameters as FLUX.1-dev", () => {
  assertEquals(countShapes(fluxShapes(FLUX_DEV)), 11_901_408_320);
  assertEquals(Object.keys(fluxShapes(FLUX_DEV)).length, 1160);
});

// Manifest: diffusers 0.42.1, FluxTransformer2DModel built on the meta device from FLUX.1-dev's config.
sharedTest(
  "fluxShapes() gives the names and shapes of FLUX.1-dev",
  "fixtures/models/manifests/flux1_dev_transformer.json",
  (path) => {
    const manifest = JSON.parse(Deno.readTextFileSync(path));
    const sorted = (shapes: object) => Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => a < b ? -1 : 1));
    assertEquals(sorted(fluxShapes(FLUX_DEV)), sorted(manifest));
  },
);

Deno.test("fluxTargets() are the linear layers but for the embeddings of time and text", () => {
  const targets = Object.keys(fluxTargets(FLUX_DEV)), all = Object.keys(fluxLinears(FLUX_DEV));
  const left = all.filter((module) => !targets.includes(module));
  assert(left.every((module) => module === "context_embedder" || module.startsWith("time_text_embed.")), left.join());
  assertEquals(left.length, 7);
  assertEquals(fluxTargets(FLUX_DEV)["single_transformer_blocks.37.proj_out"], { in: 15360, out: 3072 });
});

Deno.test("parseFluxConfig() reads diffusers' config.json", () => {
  const tiny = parseFluxConfig(JSON.parse(Deno.readTextFileSync(goldenPath("flux/config.json"))));
  assertEquals(tiny, {
    inChannels: 64,
    outChannels: 64,
    heads: 2,
    headWidth: 16,
    doubleBlocks: 2,
    singleBlocks: 2,
    contextWidth: 24,
    pooledWidth: 20,
    guidance: true,
    axesWidths: [4, 6, 6],
  });
});

Deno.test("parseFluxConfig() names the field that does not fit", () => {
  const config = JSON.parse(Deno.readTextFileSync(goldenPath("flux/config.json")));
  assertThrows(() => parseFluxConfig({ ...config, num_layers: "two" }), DataError, "num_layers");
  assertThrows(() => parseFluxConfig({ ...config, patch_size: 2 }), DataError, "patch_size");
  assertThrows(() => parseFluxConfig(null), DataError, "Cannot read FLUX config");
});
