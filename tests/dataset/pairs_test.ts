import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError } from "../../lib/core/mod.ts";
import {
  batchOf,
  buildPairs,
  type BuildPairsOptions,
  type BuiltPairs,
  drawPair,
  loadImages,
  memoryImage,
  type PairSet,
  proceduralImages,
  renderPair,
  sharpen,
  type SourceImage,
  splitImages,
} from "../../lib/dataset/mod.ts";
import { crop, quantise8, resizeBicubic } from "../../lib/image/mod.ts";
import { close, sharedTest, tensorTest } from "../support.ts";

const IMAGES = proceduralImages(3, { count: 4, size: { width: 101, height: 134 } });
const OPTIONS: BuildPairsOptions = {
  images: IMAGES,
  count: 6,
  size: 32,
  seed: 7,
  split: "train",
  preset: "mild",
  context: 64,
};

/** One image of a set, in [0, 1]. */
function part(values: Float32Array, index: number, side: number): Float32Array {
  const length = side * side * 3;
  return values.slice(index * length, (index + 1) * length).map((value) => (value + 1) / 2);
}

const imageOf = (set: BuiltPairs, i: number) => IMAGES.find(({ id }) => id === set.records[i].image)!;

Deno.test("buildPairs() gives the same bits for the same options, and others for another seed", async () => {
  const set = await buildPairs(OPTIONS);
  assertEquals([set.count, set.size, set.scale, set.ids.length], [6, 32, 4, 6]);
  assertEquals([set.hr.length, set.lr.length, set.condition.length], [6 * 32 * 32 * 3, 6 * 8 * 8 * 3, 6 * 32 * 32 * 3]);
  for (const values of [set.hr, set.lr, set.condition]) assert(values.every((value) => value >= -1 && value <= 1));
  assertEquals(new Set(set.ids).size, 6);
  assertEquals(await buildPairs(OPTIONS), set);
  assert((await buildPairs({ ...OPTIONS, seed: 8 })).hr.some((value, i) => value !== set.hr[i]));
});

Deno.test("renderPair() makes a pair again from the JSON of its record", async () => {
  for (const preset of ["mild", "hard"] as const) {
    const set = await buildPairs({ ...OPTIONS, preset, count: 3 });
    for (let i = 0; i < set.count; i++) {
      const record = JSON.parse(JSON.stringify(set.records[i]));
      const { hr, lr, condition } = await renderPair(await imageOf(set, i).read(), record);
      close(hr.data, part(set.hr, i, 32), 1e-7);
      close(lr.data, part(set.lr, i, 8), 1e-7);
      close(condition.data, part(set.condition, i, 32), 1e-7);
    }
  }
});

Deno.test("buildPairs() cuts truth and low resolution out of the same place", async () => {
  const set = await buildPairs({ ...OPTIONS, preset: "none" });
  for (let i = 0; i < set.count; i++) {
    const image = await imageOf(set, i).read();
    const { window, crop: box } = set.records[i];
    close(part(set.hr, i, 32), crop(image, box).data, 1e-7);
    // the low-resolution crop is that of the degraded surroundings, not of the crop alone
    const low = quantise8(resizeBicubic(crop(image, window), 0.25));
    const place = { left: (box.left - window.left) / 4, top: (box.top - window.top) / 4, width: 8, height: 8 };
    const lr = crop(low, place);
    close(part(set.lr, i, 8), lr.data, 1e-7);
    close(part(set.condition, i, 32), resizeBicubic(lr, 4).data.map((v) => Math.min(Math.max(v, 0), 1)), 1e-6);
  }
});

Deno.test("drawPair() keeps windows on the grid, around the crop and inside the image", () => {
  const [image] = proceduralImages(0, { count: 1, size: { width: 203, height: 322 } });
  const phases = new Set<number>();
  for (let number = 0; number < 200; number++) {
    const { window, crop: box } = drawPair(image, number, {
      size: 40,
      seed: 0,
      split: "train",
      preset: "none",
      context: 128,
      gtUsm: true,
    });
    for (const at of [window.left, window.top, box.left, box.top, window.width, window.height]) assertEquals(at % 4, 0);
    assertEquals([box.width, box.height, window.width, window.height], [40, 40, 128, 128]);
    assert(window.left >= 0 && window.left + 128 <= 203 && window.top >= 0 && window.top + 128 <= 322);
    assert(box.left >= window.left && box.left + 40 <= window.left + 128);
    assert(box.top >= window.top && box.top + 40 <= window.top + 128);
    phases.add((box.top - window.top) / 4 % 8);
  }
  assertEquals(phases.size, 8); // the crop meets the JPEG blocks at every offset
});

Deno.test("drawPair() degrades the whole image where it is smaller than the context", () => {
  const { window } = drawPair(IMAGES[0], 0, {
    size: 32,
    seed: 0,
    split: "test",
    preset: "none",
    context: 256,
    gtUsm: true,
  });
  assertEquals(window, { left: 0, top: 0, width: 100, height: 132 });
});

Deno.test("buildPairs() draws the crops of an image whatever the other images are", async () => {
  const all = await buildPairs({ ...OPTIONS, split: "test", count: 8 });
  const two = await buildPairs({ ...OPTIONS, split: "test", count: 4, images: [IMAGES[2], IMAGES[1]] });
  for (const record of two.records) {
    assert(all.records.some((other) => JSON.stringify(other) === JSON.stringify(record)));
  }
  assertEquals(two.ids, ["#1", "#1", "#2", "#2"].map((number, i) => IMAGES[i % 2 === 0 ? 2 : 1].id + number));
});

Deno.test("buildPairs() takes the sharpened truth where the recipe sharpens, unless told not to", async () => {
  const options = { ...OPTIONS, preset: "hard", count: 2 } as const;
  const sharp = await buildPairs(options), plain = await buildPairs({ ...options, gtUsm: false });
  assertEquals(sharp.lr, plain.lr);
  for (let i = 0; i < 2; i++) {
    const image = await imageOf(sharp, i).read();
    const { window, crop: box, truth } = sharp.records[i];
    assertEquals([truth, plain.records[i].truth], ["sharpened", "plain"]);
    const inside = { ...box, left: box.left - window.left, top: box.top - window.top };
    close(part(sharp.hr, i, 32), crop(sharpen(crop(image, window)), inside).data, 1e-6);
    close(part(plain.hr, i, 32), crop(image, box).data, 1e-7);
  }
  assertEquals((await buildPairs(OPTIONS)).records[0].truth, "plain"); // nothing to sharpen
});

Deno.test("splitImages() shares no image and loses none, whatever the order", () => {
  const images = proceduralImages(9, { count: 30 });
  const [train, val] = [splitImages(images, "train"), splitImages(images, "val")];
  assertEquals([train.length, val.length], [27, 3]);
  assertEquals(new Set([...train, ...val]).size, 30);
  assertEquals(new Set(splitImages(images.toReversed(), "val")), new Set(val));
  assertEquals(splitImages(images, "test"), images);
  assertEquals(splitImages(images.slice(0, 2), "val").length, 1);
  assertThrows(() => splitImages(images.slice(0, 1), "train"), DataError, "current value is 1");
});

Deno.test("buildPairs() refuses what cannot be cut", async () => {
  await assertRejects(() => buildPairs({ ...OPTIONS, size: 30 }), RangeError, "multiple of 4: current value is 30");
  await assertRejects(() => buildPairs({ ...OPTIONS, count: 0 }), RangeError, "current value is 0");
  await assertRejects(() => buildPairs({ ...OPTIONS, size: 104 }), DataError, "104 x 104: current value is 101 x 134");
  await assertRejects(() => buildPairs({ ...OPTIONS, images: [], split: "test" }), RangeError, "an image is needed");
});

Deno.test("buildPairs() reports progress and stops when asked", async () => {
  const controller = new AbortController();
  const seen: string[] = [];
  const built = buildPairs({
    ...OPTIONS,
    preset: "none",
    signal: controller.signal,
    onProgress: (done, total) => {
      seen.push(`${done}/${total}`);
      if (done === 3) controller.abort(new Error("enough"));
    },
  });
  await assertRejects(() => built, Error, "enough");
  assertEquals(seen, ["1/6", "2/6", "3/6"]);
});

Deno.test("buildPairs() reads every image once and holds one at a time", async () => {
  let reads = 0;
  const counted: SourceImage[] = IMAGES.map((image) => ({
    ...image,
    read: () => {
      reads++;
      return image.read();
    },
  }));
  await buildPairs({ ...OPTIONS, images: counted, split: "test", preset: "none", count: 8 });
  assertEquals(reads, 4);
});

Deno.test("memoryImage() is known by its pixels", async () => {
  const r = await IMAGES[0].read();
  const [one, other] = [memoryImage("a", r), memoryImage("b", quantise8(r))];
  assertEquals(one.hash, other.hash);
  assertEquals(await one.read(), r);
});

/** Two pairs of 4 x 4 whose values tell where they are. */
const counting: PairSet = {
  size: 4,
  scale: 4,
  count: 2,
  ids: ["a", "b"],
  hr: Float32Array.from({ length: 96 }, (_, i) => i),
  lr: new Float32Array(6),
  condition: Float32Array.from({ length: 96 }, (_, i) => -i),
};

tensorTest("batchOf() gathers truth and condition, mirrored alike", () => {
  const { x1, c } = batchOf(counting, [1, 0, 0], {
    flips: [
      { horizontal: false, vertical: false },
      { horizontal: true, vertical: false },
      { horizontal: false, vertical: true },
    ],
  });
  assertEquals([x1.shape, c.shape], [[3, 4, 4, 3], [3, 4, 4, 3]]);
  const values = x1.dataSync();
  close(c.dataSync(), values.map((value) => -value), 0);
  assertEquals([...values.subarray(0, 3)], [48, 49, 50]);
  assertEquals([...values.subarray(48, 51)], [9, 10, 11]); // the last pixel of the first row
  assertEquals([...values.subarray(96, 99)], [36, 37, 38]); // the first pixel of the last row
  close(batchOf(counting, [1, 0]).x1.dataSync(), [...counting.hr.slice(48), ...counting.hr.slice(0, 48)], 0);
});

tensorTest("batchOf() refuses indices outside the set and flips that do not fit", () => {
  assertThrows(() => batchOf(counting, [0, 2]), RangeError, "[0, 1]: current value is 2");
  assertThrows(() => batchOf(counting, []), RangeError, "current value is none");
  assertThrows(() => batchOf(counting, [0], { flips: [] }), RangeError, "current value is 0");
});

sharedTest("buildPairs() cuts photographs", "images/test_kodak24", async (folder) => {
  const { images, notes } = await loadImages([folder], { minSize: 64 });
  assertEquals([images.length, notes.length], [24, 0]);
  const set = await buildPairs({ images, count: 4, size: 64, seed: 0, split: "test", preset: "mild" });
  assertEquals(set.ids[0], "test_kodak24/01.png#1");
  assertEquals(set.records[0].window.width, 256);
});
