import { assert, assertEquals } from "@std/assert";
import { tf } from "asasr/engine/mod.ts";
import { interpolate, readImage } from "asasr/image/mod.ts";
import { gridCells, musiq, musiqBlock, type MusiqConfig, musiqRoot, musiqTokens } from "asasr/metrics/networks/mod.ts";
import { fixtureArray, readFixture } from "../../fixture.ts";
import { close, sharedTensorTest, sharedTest } from "../../support.ts";
import { fixtureMaps, fixtureParams, withParams } from "./fixture.ts";

/** A narrow random MUSIQ through the classes of pyiqa 0.1.16. */
const FIXTURE = "fixtures/metrics/nr_models.safetensors";
const config: MusiqConfig = { width: 12, hidden: 20, heads: 2, depth: 2, outputs: 1 };
/** README of the fixtures. */
const TOLERANCE = { relative: 1e-4 };

const sibling = (path: string, name: string) => path.replace("nr_models.safetensors", name);
const names = ["a256x256_gt", "d97x131_gt", "e200x300_halluc"];

sharedTensorTest("musiq() rates images as pyiqa does (Ke et al. 2021)", FIXTURE, async (path) => {
  const golden = JSON.parse(Deno.readTextFileSync(sibling(path, "nr_models.json"))).musiq;
  await withParams(await fixtureParams(path, "musiq."), async (params) => {
    for (const name of names) {
      const { image } = await readImage(sibling(path, `images/${name}.png`));
      tf.tidy(() => close(musiq(config, params, musiqTokens(image)), [golden.score[name]], TOLERANCE));
    }
  });
});

sharedTensorTest("musiq() with ten outputs is the mean of the scores 1 to 10", FIXTURE, async (path) => {
  const { image } = await readImage(sibling(path, "images/d97x131_gt.png"));
  await withParams(await fixtureParams(path, "musiq."), (params) => {
    tf.tidy(() => {
      const tokens = musiqTokens(image), weight = tf.randomNormal([10, 12], 0, 1, "float32", 7);
      const bias = tf.range(-1, 1, 0.2);
      // every output by itself, as a network of one
      const logits = Array.from({ length: 10 }, (_, i) => {
        const head = { "head.weight": tf.slice(weight, [i, 0], [1, 12]), "head.bias": tf.slice(bias, [i], [1]) };
        return musiq(config, { ...params, ...head }, tokens).dataSync()[0];
      });
      const powers = logits.map(Math.exp), sum = powers.reduce((a, b) => a + b);
      const expected = powers.reduce((mean, power, i) => mean + (i + 1) * power / sum, 0);
      const rated = musiq(
        { ...config, outputs: 10 },
        { ...params, "head.0.weight": weight, "head.0.bias": bias },
        tokens,
      );
      close(rated, [expected], { relative: 1e-5 });
      assert(expected > 1 && expected < 10);
    });
  });
});

sharedTensorTest("musiqBlock() gives the maps of the stem", FIXTURE, async (path) => {
  await withParams(await fixtureParams(path, "musiq."), (params) => {
    tf.tidy(() => {
      const root = musiqRoot(params, fixtureMaps(path, "musiq.stem.in"));
      close(root, fixtureMaps(path, "musiq.stem.pool"), TOLERANCE);
      close(musiqBlock(params, root), fixtureMaps(path, "musiq.stem.block1"), TOLERANCE);
    });
  });
});

sharedTensorTest("musiqTokens() cuts and places the patches of all views", FIXTURE, async (path) => {
  const fixture = readFixture(path);
  const { tokens } = JSON.parse(Deno.readTextFileSync(sibling(path, "nr_models.json"))).musiq;
  for (const name of names) {
    const { image } = await readImage(sibling(path, `images/${name}.png`));
    const { cells, scales, patches } = musiqTokens(image);
    const { shape: [count], data } = fixtureArray(fixture, `musiq.meta.${name}`); // cell, view, mask
    const valid = Array.from({ length: count }, (_, i) => data.slice(3 * i, 3 * i + 3)).filter(([, , mask]) =>
      mask === 1
    );
    assertEquals([...cells], valid.map(([cell]) => cell));
    assertEquals([...scales], valid.map(([, view]) => view));
    assertEquals(patches.length, cells.length * 32 * 32 * 3);
    const { seq_len, valid: counted } = tokens[name];
    assertEquals([count, cells.length], [seq_len, counted]);
  }
});

sharedTest("the views of MUSIQ are resized as PyTorch's bicubic", FIXTURE, async (path) => {
  const { image } = await readImage(sibling(path, "images/d97x131_gt.png"));
  const view = interpolate(image, "bicubic", { width: 224, height: 166 });
  const { shape: [, rows, columns], data } = fixtureArray(readFixture(path), "musiq.resize224.d97x131");
  const ours = Float64Array.from(data, (_, i) => { // every fourth pixel is stored
    const pixel = i % (rows * columns), c = Math.floor(i / (rows * columns));
    return view.data[(4 * Math.floor(pixel / columns) * 224 + 4 * (pixel % columns)) * 3 + c];
  });
  close(ours.map((value) => 2 * value - 1), data, TOLERANCE);
});

Deno.test("gridCells() takes the nearest cell from below", () => {
  // torch.nn.functional.interpolate(mode="nearest") of a 10 x 10 grid to 7 x 3
  const rows = [0, 10, 20, 40, 50, 70, 80];
  assertEquals([...gridCells(7, 3)], rows.flatMap((row) => [row, row + 3, row + 6]));
});

sharedTest("gridCells() equals PyTorch's nearest interpolation", FIXTURE, (path) => {
  const golden: Record<string, number[]> = JSON.parse(Deno.readTextFileSync(sibling(path, "nr_models.json"))).musiq;
  const grids = Object.keys(golden).filter((key) => key.startsWith("hash_10_to_"));
  assertEquals(grids.length, 2);
  for (const key of grids) {
    const [rows, columns] = key.match(/\d+/g)!.slice(1).map(Number);
    assertEquals([...gridCells(rows, columns)], golden[key]);
  }
});

Deno.test("musiqTokens() gives an image of 1024 x 1024 its 1,217 patches", () => {
  const side = 1024;
  const { cells } = musiqTokens({ width: side, height: side, channels: 3, data: new Float32Array(side * side * 3) });
  assertEquals(cells.length, 49 + 144 + 1024);
});
