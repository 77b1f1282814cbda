import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RefusedError } from "../../lib/core/mod.ts";
import { startEngine, tf } from "../../lib/engine/mod.ts";
import { perceptualMetrics } from "../../lib/experiment/perceptual.ts";
import { reportHtml } from "../../lib/view/mod.ts";
import { inFolder } from "../core/folder.ts";
import { writeRandomLpips } from "../metrics/networks/random_weights.ts";
import { runToEnd, tinyExperiment } from "./tiny.ts";

const arms = ["sft-continued"];

Deno.test("a run measures LPIPS where its weights are given: every point, its frontier, its report and the keys of its cells", () =>
  inFolder(async (root) => {
    await startEngine({ engine: "auto", threads: 2, install: false });
    const weights = join(root, "weights"), cells = join(root, "cells"), kept = { read: [cells], keep: cells };
    await Deno.mkdir(weights);
    await writeRandomLpips(weights);
    const run = (metricWeights?: string) =>
      runToEnd(join(root, "runs"), tinyExperiment(arms, { seeds: [0], metricWeights }), { cells: kept });
    const plain = await run(), before = tf.memory().numTensors;
    const { results } = await run(weights);
    assertEquals(tf.memory().numTensors, before);
    const names = plain.results.metrics.map(({ name }) => name);
    assertEquals(results.metrics.map(({ name }) => name), [...names, "lpipsAlex"]);
    for (const { id, perSeed: [{ perImage, values }] } of results.points) {
      const row = perImage.lpipsAlex;
      // Random heads may be negative.
      assert(row.length === 6 && row.every((value) => value !== 0) && values.lpipsAlex !== 0, id);
      assert(Math.abs(values.lpipsAlex - row.reduce((sum, value) => sum + value) / 6) < 1e-6, id);
    }
    // What pixels alone say is untouched.
    const [old] = plain.results.points[0].perSeed, [own] = results.points[0].perSeed;
    assertEquals(own.values, { ...old.values, lpipsAlex: own.values.lpipsAlex });
    for (const [at, metric] of [["lpipsAlex", "psnrDb"], ["psnrDb", "lpipsAlex"]]) {
      const placed = results.offsets.filter((offset) => offset.at === at && offset.metric === metric);
      assert(placed.some(({ mean }) => Number.isFinite(mean)), `${metric} at ${at}`);
    }
    assert(reportHtml(results, []).includes("PSNR against LPIPS (Alex)"));
    const keys = Array.from(Deno.readDirSync(cells), ({ name }) => name.split("-").at(-1));
    assertEquals(new Set(keys).size, 4); // controls and arm, without LPIPS and with
    await writeRandomLpips(weights, { "classifier.1.bias": [7] }); // other bytes
    await run(weights);
    assertEquals(Array.from(Deno.readDirSync(cells)).length, 6);
  }));

Deno.test("a folder that holds the weights of no perceptual distance is refused with what each needs", () =>
  inFolder(async (weights) => {
    const { settings } = tinyExperiment(arms, { metricWeights: weights });
    const needs = "LPIPS (Alex) not available: needs alexnet.safetensors, lpips_lin_v0.1_alex.safetensors; DISTS";
    await assertRejects(() => perceptualMetrics(settings), RefusedError, needs);
    assertEquals(await perceptualMetrics(tinyExperiment(arms).settings), { metrics: [], lacking: [] });
    await startEngine({ engine: "auto", threads: 2, install: false });
    await writeRandomLpips(weights);
    const { metrics: [lpips, ...others], lacking } = await perceptualMetrics(settings);
    assertEquals([lpips.record.name, others, lacking.length], ["lpipsAlex", [], 1]);
    assert(lacking[0].startsWith("DISTS not available: needs vgg16.safetensors"), lacking[0]);
    lpips[Symbol.dispose]();
  }));
