import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { writeTinyCheckpoint } from "../../lib/cli/table6/checkpoints.ts";
import { disposeParams, StoppedError } from "../../lib/core/mod.ts";
import { conditionOf, proceduralImage } from "../../lib/dataset/mod.ts";
import { type OpenedModel, openModel, rasterRestorer, restoreLayout } from "../../lib/experiment/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import type { VelocityField } from "../../lib/backbones/mod.ts";
import { createRaster, type Raster } from "../../lib/image/mod.ts";
import { euler, pixelCodec, straightPath, type TileGrid } from "../../lib/flow/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, tensorTest } from "../support.ts";
import { errors, gradients } from "./seams.ts";
import { noisyParams, tinyBackbone } from "./small_run.ts";

/** The small network in memory, with random weights, or another field in its place. */
function smallModel(field?: VelocityField): OpenedModel {
  const params = noisyParams(0);
  return {
    kind: "small",
    name: "tiny",
    prefix: "transformer",
    identity: "",
    codecIdentity: "",
    conditionScale: 1,
    weights: "resident",
    notes: [],
    backbone: field ? { ...tinyBackbone, velocity: () => field } : tinyBackbone,
    params,
    codec: pixelCodec,
    path: straightPath,
    solver: euler,
    times: (steps) => Array.from({ length: steps + 1 }, (_, k) => k / steps),
    [Symbol.dispose]: () => disposeParams(params),
  };
}

/**
 * Leads to the condition with its contrast to the mean of what the field sees raised, so that every tile would have
 * another brightness: the worst that tiles can do. The noise is gone at the end, and hides nothing.
 */
const contrast: VelocityField = (xt, t, c) => {
  const end = c.add(c.sub(c.mean([1, 2], true)).mul(0.5));
  return end.sub(xt).div(tf.sub(1, t).reshape([-1, 1, 1, 1]));
};

const settings = { steps: 2, seed: 0, colourFix: "none", batchSize: 8, tile: 32, overlap: 8 } as const;
const picture = (width: number, height: number) => proceduralImage(3, 0, { width, height });
const rules = ({ codec, conditionScale }: OpenedModel) => ({ multiple: codec.multiple, conditionScale });

/** Restores with a model and disposes what was traced. */
async function restore(model: OpenedModel, lr: Raster, options: Parameters<typeof rasterRestorer>[2]): Promise<Raster> {
  using restorer = rasterRestorer(model, [], options);
  return await restorer.restore(lr);
}

function differ(a: Raster, b: Raster): boolean {
  return a.data.some((value, i) => Math.abs(value - b.data[i]) > 1e-3);
}

/** How much stronger gradients are where tiles begin and end than elsewhere, in the result and in one without tiles. */
function seam(tiled: Raster, whole: Raster, grid: TileGrid): number {
  const [{ borders, elsewhere }, before] = [gradients(tiled, grid), gradients(whole, grid)];
  return (borders / elsewhere) / (before.borders / before.elsewhere);
}

/** Fails unless tiles change no more where they begin and end than elsewhere, and no gradient shows there. */
async function agrees(model: OpenedModel, lr: Raster, tile: number): Promise<void> {
  const overlap = tile / 4, whole = await restore(model, lr, { ...settings, tile: 4 * Math.max(lr.width, lr.height) });
  const tiled = await restore(model, lr, { ...settings, tile, overlap });
  const { grid } = restoreLayout(lr, rules(model), { tile, overlap });
  assert(grid.rows.starts.length > 1 && grid.columns.starts.length > 1);
  const { borders, elsewhere } = errors(tiled, whole, grid, 2);
  assert(elsewhere > 1e-4, "tiles change nothing, which proves nothing");
  assert(borders <= 1.1 * elsewhere, `${borders} at borders, ${elsewhere} elsewhere`);
  assert(seam(tiled, whole, grid) < 1.05, `${seam(tiled, whole, grid)}`);
}

tensorTest(
  "rasterRestorer() in tiles differs from the whole image no more at tile borders than elsewhere",
  async () => {
    using model = smallModel();
    await agrees(model, picture(32, 28), 32);
  },
);

for (const kind of ["flux", "sd15", "sdxl"] as const) {
  tensorTest(`rasterRestorer() in the latents and the autoencoder of ${kind} shows no seam either`, async () => {
    await inFolder(async (folder) => {
      const checkpoint = join(folder, kind);
      await writeTinyCheckpoint(kind, checkpoint);
      using model = await openModel({ backbone: kind, checkpoint, dtype: "f32" });
      await agrees(model, picture(40, 32), 64);
    });
  });
}

tensorTest(
  "rasterRestorer() makes 2,000 x 1,500 pixels without a seam, which tiles that share nothing would show",
  async () => {
    using model = smallModel(contrast);
    const lr = picture(500, 375), bicubic = conditionOf(lr), tile = 64;
    const seamWith = async (overlap: number) => {
      const restored = await restore(model, lr, { ...settings, steps: 1, tile, overlap });
      assertEquals([restored.width, restored.height], [2000, 1500]);
      return seam(restored, bicubic, restoreLayout(lr, rules(model), { tile, overlap }).grid);
    };
    const [feathered, cut] = [await seamWith(16), await seamWith(0)];
    assert(feathered < 1.01, `${feathered}`);
    assert(cut > 1.08, `${cut}`);
  },
  { engines: ["native"] },
);

tensorTest("rasterRestorer() takes any size, gray as gray, and is determined by the seed", async () => {
  using model = smallModel();
  for (const [width, height] of [[3, 5], [1, 1], [2, 70]]) {
    const restored = await restore(model, picture(width, height), settings);
    assertEquals([restored.width, restored.height, restored.channels], [4 * width, 4 * height, 3]);
    assert(restored.data.every((value) => value >= 0 && value <= 1));
  }
  const gray = createRaster({ width: 9, height: 7 }, 1, Float32Array.from({ length: 63 }, (_, i) => i / 63));
  const first = await restore(model, gray, settings);
  assertEquals([first.width, first.height, first.channels], [36, 28, 1]);
  assertEquals((await restore(model, gray, settings)).data, first.data);
  assert(differ(await restore(model, gray, { ...settings, seed: 1 }), first));
  close((await restore(model, gray, { ...settings, batchSize: 1 })).data, first.data, 1e-4);
});

tensorTest("rasterRestorer() gives the result the colours of the image, and stops at the signal", async () => {
  using model = smallModel();
  const lr = picture(24, 20), mean = ({ data }: Raster) => data.reduce((sum, value) => sum + value, 0) / data.length;
  const plain = await restore(model, lr, settings);
  const fixed = await restore(model, lr, { ...settings, colourFix: "adain" });
  const distance = (r: Raster) => Math.abs(mean(r) - mean(lr));
  assert(distance(fixed) < 0.01 && distance(fixed) < distance(plain), `${distance(fixed)} ${distance(plain)}`);
  const stop = new AbortController();
  using restorer = rasterRestorer(model, [], { ...settings, batchSize: 1 });
  const run = restorer.restore(lr, { signal: stop.signal, onTiles: () => stop.abort() });
  await assertRejects(() => run, StoppedError, "tile 1 of");
});

tensorTest("rasterRestorer() encodes a condition of half the sides where the model says so", async () => {
  await inFolder(async (folder) => {
    await writeTinyCheckpoint("flux", folder);
    using model = await openModel({ backbone: "flux", checkpoint: folder, dtype: "f32", conditionScale: 0.5 });
    const restored = await restore(model, picture(21, 13), { ...settings, tile: 64 });
    assertEquals([restored.width, restored.height], [84, 52]);
    using full = await openModel({ backbone: "flux", checkpoint: folder, dtype: "f32" });
    assert(differ(await restore(full, picture(21, 13), { ...settings, tile: 64 }), restored));
  });
});
