import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, RefusedError } from "asasr/core/mod.ts";
import { createRaster } from "asasr/image/mod.ts";
import { writeRandom, writeRandomLpips } from "./random_weights.ts";
import {
  alexnet,
  clipIqaConfig,
  clipIqaShapes,
  distsWeightShapes,
  lpipsHeadShapes,
  maniqaConfig,
  maniqaShapes,
  maniqaUnused,
  musiqConfig,
  musiqShapes,
  promptShapes,
  vgg16,
} from "asasr/metrics/networks/mod.ts";
import { imageMetrics, missingWeights, needs, openMetric, prepareImage, protocols } from "asasr/metrics/mod.ts";
import { inFolder } from "../../core/folder.ts";
import { close, goldenPath, tensorTest } from "../../support.ts";

type Layout = Record<string, number[]>;
const layouts: Record<string, Layout> = JSON.parse(
  await Deno.readTextFile(goldenPath("metrics-networks/layouts.json")),
);
const sorted = (layout: Readonly<Record<string, readonly number[]>>) =>
  Object.fromEntries(Object.entries(layout).sort(([a], [b]) => a < b ? -1 : 1));
const without = (layout: Layout, unused: RegExp) =>
  Object.fromEntries(Object.entries(layout).filter(([name]) => !unused.test(name)));

Deno.test("the shapes of the networks are those of the official files", () => {
  const clipName = (name: string) => name.replace(".in_proj_", ".in_proj.");
  const clip = Object.fromEntries(
    Object.entries(without(layouts.clip, /num_batches_tracked$/)).map(([name, shape]) => [clipName(name), shape]),
  );
  assertEquals(sorted(alexnet().shapes), sorted(layouts.alexnet));
  assertEquals(sorted(vgg16().shapes), sorted(layouts.vgg16));
  assertEquals(sorted(lpipsHeadShapes(alexnet())), sorted(layouts.lpips_alex));
  assertEquals(sorted(lpipsHeadShapes(vgg16())), sorted(layouts.lpips_vgg));
  assertEquals(sorted(distsWeightShapes(vgg16())), sorted(layouts.dists));
  assertEquals(sorted(musiqShapes(musiqConfig)), sorted(layouts.musiq));
  assertEquals(sorted(maniqaShapes(maniqaConfig(0.8))), sorted(without(layouts.maniqa, maniqaUnused)));
  assertEquals(sorted(clipIqaShapes(clipIqaConfig(false))), sorted(clip));
  assertEquals(promptShapes(clipIqaConfig(false), "shared"), layouts.clipiqa_plus);
  assertEquals(sorted(promptShapes(clipIqaConfig(true), "pair")), sorted(layouts.clipiqa_plus_512));
});

Deno.test("musiqShapes() with ten outputs is KonIQ's network with AVA's head", () => {
  const body = without(layouts.musiq, /^head\./);
  assertEquals(
    sorted(musiqShapes({ ...musiqConfig, outputs: 10 })),
    sorted({ ...body, ...layouts.musiq_ava_head }),
  );
});

Deno.test("a network without its weights is not available, and says what it needs", async () =>
  await inFolder(async (folder) => {
    const networks = imageMetrics.filter(({ memory }) => memory);
    assertEquals(networks.length, 9);
    for (const metric of networks) {
      const files = metric.weights.map(({ file }) => file).join(", ");
      assertEquals(missingWeights(metric, folder), [...metric.weights]);
      assertEquals(missingWeights(metric, undefined), [...metric.weights]);
      assertEquals(needs(metric.weights), `not available: needs ${files}`);
      await assertRejects(() => openMetric(metric, protocols.paper, folder), RefusedError, `needs ${files}`);
      assert(metric.memory!(1024, 1024) >= metric.memory!(64, 64));
    }
  }));

const alex = imageMetrics.find(({ name }) => name === "lpipsAlex")!;

tensorTest(
  "openMetric() loads full-size LPIPS, measures, and frees everything",
  async () =>
    await inFolder(async (folder) => {
      await writeRandomLpips(folder, { "classifier.1.bias": [7] });
      using metric = await openMetric(alex, protocols.paper, folder);
      const image = (value: number) => {
        const data = Float32Array.from({ length: 40 * 33 * 3 }, (_, i) => (i * 7919 % 101 / 101 + value) / 2);
        return prepareImage(createRaster({ width: 40, height: 33 }, 3, data), protocols.paper);
      };
      const blank = (width: number, height: number) => prepareImage(createRaster({ width, height }), protocols.paper);
      close(await metric.measure(image(0.2), image(0.2)), 0, 1e-6);
      assert(await metric.measure(image(0.2), image(0.9)) !== 0);
      await assertRejects(() => metric.measure(image(0.2), null), RangeError, "a truth must be given");
      await assertRejects(() => metric.measure(image(0), blank(33, 40)), RangeError, "one size");
      await assertRejects(() => metric.measure(blank(24, 40), blank(24, 40)), RangeError, "at least 31 px");
    }),
);

tensorTest("openMetric() lists the tensors that a file lacks", async () =>
  await inFolder(async (folder) => {
    const { "features.0.bias": _, ...rest } = alexnet().shapes;
    await writeRandomLpips(folder);
    await writeRandom(join(folder, "alexnet.safetensors"), { ...rest, "features.99.weight": [1] });
    const load = () => openMetric(alex, protocols.paper, folder);
    await assertRejects(load, DataError, "1 missing: features.0.bias; 1 unmatched: features.99.weight");
  }));
