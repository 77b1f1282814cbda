import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { cropNegatives, type NegativesFile, readNegatives } from "../../lib/adversary/mod.ts";
import { DataError, readBytes, sha256Hex, writeJson } from "../../lib/core/mod.ts";
import { conditionOf, joinPairs } from "../../lib/dataset/mod.ts";
import { createRaster, fromBytes, type Raster, writePng } from "../../lib/image/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close } from "../support.ts";

/** An image of which every pixel says where it is: column, row and number in the three channels. */
function located(width: number, height: number, number: number, change = (byte: number) => byte): Raster {
  const bytes = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const at = Math.floor(i / 3);
    return change([at % width, Math.floor(at / width), number][i % 3]);
  });
  return fromBytes(bytes, { width, height });
}

/** Two pairs of 64 x 48 pixels; `invert` has an output of both, `second` of the second only. */
async function cached(folder: string): Promise<NegativesFile> {
  const hash = async (path: string) => sha256Hex(await readBytes(join(folder, path)));
  const pairs = [], negatives = [];
  for (const number of [1, 2]) {
    const [hr, lr, file] = [`data/hr/${number}.png`, `data/lr/${number}.png`, `invert/${number}.png`];
    await writePng(join(folder, hr), located(64, 48, number));
    await writePng(join(folder, lr), located(16, 12, number));
    await writePng(join(folder, file), located(64, 48, number, (byte) => 255 - byte));
    const id = `data/all/${number}`;
    pairs.push({
      id,
      name: `data_all_${number}`,
      hr,
      lr,
      sha256: { hr: await hash(hr), lr: await hash(lr) },
      source: await hash(hr),
    });
    negatives.push({ pair: id, restorer: "invert", file, sha256: await hash(file) });
  }
  await writePng(join(folder, "second/2.png"), located(64, 48, 9));
  negatives.push({ pair: "data/all/2", restorer: "second", file: "second/2.png", sha256: await hash("second/2.png") });
  await writeJson(join(folder, "negatives.json"), { version: 3, seed: 0, share: 0.25, pairs, negatives });
  return await readNegatives(folder);
}

Deno.test("cropNegatives() cuts truth, low resolution and outputs at one place, four times as large as LR's", () =>
  inFolder(async (folder) => {
    const file = await cached(folder);
    const { pairs, sets } = await cropNegatives(folder, file, { size: 32, count: 6, seed: 0 });
    assertEquals(pairs.ids, [1, 2].flatMap((pair) => [1, 2, 3].map((crop) => `data/all/${pair}#${crop}`)));
    assertEquals(sets.map(({ name, images, size }) => ({ name, images, size })), [
      { name: "invert", images: [0, 1, 2, 3, 4, 5], size: 32 },
      { name: "second", images: [3, 4, 5], size: 32 },
    ]);
    const byte = (values: Float32Array, at: number) => Math.round((values[at] + 1) * 127.5);
    const places = new Set<string>();
    for (let i = 0; i < pairs.count; i++) {
      const hr = pairs.hr.subarray(i * 32 * 32 * 3), lr = pairs.lr.subarray(i * 8 * 8 * 3);
      const [left, top, number] = [0, 1, 2].map((channel) => byte(lr, channel));
      assertEquals([0, 1, 2].map((channel) => byte(hr, channel)), [4 * left, 4 * top, number]);
      assertEquals(number, i < 3 ? 1 : 2);
      const output = sets[0].pixels.subarray(i * 32 * 32 * 3, (i + 1) * 32 * 32 * 3);
      close(output, hr.subarray(0, output.length).map((value) => -value), 1e-6);
      const low = createRaster({ width: 8, height: 8 }, 3, lr.slice(0, 8 * 8 * 3).map((value) => (value + 1) / 2));
      const condition = pairs.condition.subarray(i * 32 * 32 * 3, (i + 1) * 32 * 32 * 3);
      close(condition, conditionOf(low).data.map((value) => 2 * value - 1), 1e-6);
      places.add(`${number} ${left} ${top}`);
    }
    assert(places.size > 2, "crops lie at different places");
    assertEquals(await cropNegatives(folder, file, { size: 32, count: 6, seed: 0 }), { pairs, sets });
    const joined = joinPairs(pairs, pairs);
    assertEquals([joined.count, joined.ids.at(-1)], [12, "data/all/2#3"]);
    close(joined.hr.subarray(pairs.hr.length), pairs.hr, 0);
  }));

Deno.test("cropNegatives() refuses files that changed and images smaller than a crop, all of them at once", () =>
  inFolder(async (folder) => {
    const file = await cached(folder);
    await assertRejects(
      () => cropNegatives(folder, file, { size: 64, count: 1, seed: 0 }),
      DataError,
      "2 of 2 cached pairs: Cannot crop data/all/1 as it must be at least 64 x 64: current value is 64 x 48",
    );
    await writePng(join(folder, "second/2.png"), located(64, 48, 8));
    await assertRejects(
      () => cropNegatives(folder, file, { size: 32, count: 1, seed: 0 }),
      DataError,
      "as it was listed",
    );
  }));

Deno.test("readNegatives() refuses lists of another version and empty ones", () =>
  inFolder(async (folder) => {
    const file = await cached(folder);
    await writeJson(join(folder, "negatives.json"), { ...file, version: 1 });
    await assertRejects(() => readNegatives(folder), DataError, "version 3");
    await writeJson(join(folder, "negatives.json"), { ...file, negatives: [] });
    await assertRejects(() => readNegatives(folder), DataError, "current value is 0");
  }));
