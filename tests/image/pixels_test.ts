import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  createRaster,
  crop,
  cropToMultiple,
  flip,
  fromBytes,
  luma,
  quantise8,
  type Raster,
  rasterToTensor,
  tensorToRasters,
  toBytes,
  toRgb,
} from "../../lib/image/mod.ts";
import { close, goldenPath, tensorTest } from "../support.ts";

function counting(width: number, height: number, channels: 1 | 3 = 3): Raster {
  const r = createRaster({ width, height }, channels);
  r.data.forEach((_, i) => r.data[i] = i / 100);
  return r;
}

interface PixelRow {
  readonly rgb: readonly number[];
  readonly yiq_y_255: number;
  readonly ycbcr_y_255: number;
}

Deno.test("luma() agrees with pyiqa's two Y", () => {
  // pyiqa 0.1.16 in float32: its Y of black is 16.000001
  const rows: Record<string, PixelRow> = JSON.parse(Deno.readTextFileSync(goldenPath("image/y_pixels.json")));
  for (const { rgb, yiq_y_255, ycbcr_y_255 } of Object.values(rows)) {
    const pixel = fromBytes(rgb, { width: 1, height: 1 });
    close(luma(pixel, "yiq"), [yiq_y_255], 1e-4);
    close(luma(pixel, "ycbcr"), [ycbcr_y_255], 1e-4);
  }
});

Deno.test("luma() of a gray image is that of its RGB copy", () => {
  const gray = counting(5, 3, 1);
  for (const space of ["ycbcr", "yiq"] as const) close(luma(gray, space), luma(toRgb(gray), space), 1e-12);
});

Deno.test("toBytes() rounds half to even, clamps, and turns NaN into 0", () => {
  const r = createRaster({ width: 3, height: 1 }, 3, Float32Array.of(-1, 0.5, 2, NaN, 2 / 255, 1, 0, 3 / 255, 1e9));
  assertEquals([...toBytes(r)], [0, 128, 255, 0, 2, 255, 0, 3, 255]);
});

Deno.test("quantise8() is idempotent and moves no value by more than half a level", () => {
  const r = counting(5, 3);
  const once = quantise8(r);
  assertEquals(quantise8(once).data, once.data);
  once.data.forEach((value, i) => assert(Math.abs(value - r.data[i]) <= 0.5 / 255 + 1e-7));
});

Deno.test("crop() copies the box", () => {
  const r = counting(4, 3, 1);
  const cut = crop(r, { left: 1, top: 1, width: 2, height: 2 });
  assertEquals([...cut.data], [...Float32Array.of(0.05, 0.06, 0.09, 0.1)]);
  cut.data[0] = 9;
  assertEquals(r.data[5], Math.fround(0.05));
});

Deno.test("crop() refuses a box that leaves the image", () => {
  const r = counting(4, 3);
  assertThrows(() => crop(r, { left: 3, top: 0, width: 2, height: 2 }), RangeError, "inside 4 x 3");
  assertThrows(() => crop(r, { left: -1, top: 0, width: 2, height: 2 }), RangeError, "(-1, 0)");
  assertThrows(() => crop(r, { left: 0.5, top: 0, width: 2, height: 2 }), RangeError, "(0.5, 0)");
  assertThrows(() => crop(r, { left: 0, top: 0, width: 0, height: 2 }), RangeError, "positive integers");
});

Deno.test("cropToMultiple() cuts right and below, and nothing where nothing is over", () => {
  const r = counting(9, 6, 1);
  const cut = cropToMultiple(r, 4);
  assertEquals([cut.width, cut.height, cut.data[8]], [8, 4, r.data[9]]);
  assert(cropToMultiple(cut, 4) === cut);
});

Deno.test("flip() is its own inverse and moves the corner", () => {
  const r = counting(4, 3);
  for (const direction of ["horizontal", "vertical"] as const) {
    assertEquals(flip(flip(r, direction), direction).data, r.data);
  }
  assertEquals([...flip(r, "horizontal").data.subarray(0, 3)], [...r.data.subarray(9, 12)]);
  assertEquals([...flip(r, "vertical").data.subarray(0, 3)], [...r.data.subarray(24, 27)]);
});

Deno.test("createRaster() refuses wrong sizes", () => {
  assertThrows(() => createRaster({ width: 0, height: 2 }), RangeError, "current value is 0");
  assertThrows(() => createRaster({ width: 2, height: 1.5 }), RangeError, "1.5");
  assertThrows(() => createRaster({ width: 2, height: 2 }, 3, new Float32Array(4)), RangeError, "needs 12");
});

tensorTest("rasterToTensor() maps [0, 1] to [-1, 1], and tensorToRasters() back", () => {
  const r = createRaster({ width: 2, height: 1 }, 3, Float32Array.of(0, 0.5, 1, 0.25, 0.75, 1));
  const x = rasterToTensor([r, flip(r, "horizontal")]);
  assertEquals(x.shape, [2, 1, 2, 3]);
  close(x.dataSync().subarray(0, 6), [-1, 0, 1, -0.5, 0.5, 1], 1e-7);
  const [first, second] = tensorToRasters(x);
  close(first.data, r.data, 1e-7);
  close(second.data, flip(r, "horizontal").data, 1e-7);
});

tensorTest("tensorToRasters() clamps, and rasterToTensor() refuses images of several sizes", () => {
  const x = rasterToTensor([createRaster({ width: 1, height: 1 }, 3, Float32Array.of(-1, 2, 0.5))]);
  close(tensorToRasters(x)[0].data, [0, 1, 0.5], 1e-7);
  assertThrows(() => rasterToTensor([]), RangeError, "at least one");
  assertThrows(() => rasterToTensor([counting(2, 2), counting(2, 3)]), RangeError, "2 x 2 x 3");
});
