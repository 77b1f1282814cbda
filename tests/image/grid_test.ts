import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  composeGrid,
  createRaster,
  crop,
  letteringSvg,
  letteringWidth,
  type Raster,
  rasteriseSvg,
} from "../../lib/image/mod.ts";

function filled(side: number, value: number): Raster {
  const r = createRaster({ width: side, height: side });
  r.data.fill(value);
  return r;
}

const ink = (r: Raster) => r.data.reduce((sum, value) => sum + 1 - value, 0);

Deno.test("composeGrid() puts every image unchanged on its place", async () => {
  const [a, b, c] = [filled(8, 0.25), filled(8, 0.5), filled(8, 0.75)];
  const grid = await composeGrid([[a, b], [c]], { gap: 2 });
  assertEquals([grid.width, grid.height], [22, 22]);
  assertEquals(crop(grid, { left: 2, top: 2, width: 8, height: 8 }).data, a.data);
  assertEquals(crop(grid, { left: 12, top: 2, width: 8, height: 8 }).data, b.data);
  assertEquals(crop(grid, { left: 2, top: 12, width: 8, height: 8 }).data, c.data);
  assertEquals(grid.data[0], 1); // the gap is white
});

Deno.test("composeGrid() repeats the pixels of a smaller image", async () => {
  const small = createRaster({ width: 2, height: 2 }, 1, Float32Array.of(0, 0.25, 0.5, 0.75));
  const grid = await composeGrid([[small, filled(8, 1)]], { gap: 0 });
  assertEquals([grid.width, grid.height], [16, 8]);
  assertEquals([...crop(grid, { left: 3, top: 3, width: 2, height: 2 }).data].filter((_, i) => i % 3 === 0), [
    0,
    0.25,
    0.5,
    0.75,
  ]);
});

Deno.test("composeGrid() writes labels beside the images, the same every time", async () => {
  const options = {
    labels: { columns: ["LR", "a label far too long for a column of this width"], rows: ["01", "02"] },
  };
  const images = [[filled(64, 1), filled(64, 1)], [filled(64, 1), filled(64, 1)]];
  const grid = await composeGrid(images, options);
  const plain = await composeGrid(images);
  assert(grid.width > plain.width && grid.height > plain.height);
  const left = grid.width - plain.width, top = grid.height - plain.height;
  assertEquals(ink(crop(grid, { left, top, width: plain.width, height: plain.height })), 0);
  assert(ink(crop(grid, { left: 0, top: 0, width: grid.width, height: top })) > 50);
  assert(ink(crop(grid, { left: 0, top, width: left, height: plain.height })) > 50);
  assertEquals(await composeGrid(images, options), grid);
});

Deno.test("composeGrid() refuses an empty grid", async () => {
  await assertRejects(() => composeGrid([[]]), RangeError, "needs an image");
});

Deno.test("letteringSvg() stays within the width that letteringWidth() says", async () => {
  for (const text of ["AS-DPO", "s = 1.5", "β × ρ ≥ σ", "gpqy", "一"]) {
    const width = Math.ceil(letteringWidth(text, 14));
    const drawing = letteringSvg(text, { x: 10, y: 30, size: 14 });
    const page = await rasteriseSvg(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 20}" height="40">${drawing}</svg>`,
    );
    const inside = crop(page, { left: 8, top: 14, width: width + 4, height: 22 });
    assert(ink(page) > 20, text);
    assert(Math.abs(ink(page) - ink(inside)) < 1e-3, text);
  }
  assertEquals(letteringWidth("", 14), 0);
});

Deno.test("rasteriseSvg() draws on white, at the scale asked for", async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="6"><rect width="5" height="6" fill="black"/></svg>';
  const page = await rasteriseSvg(svg, 2);
  assertEquals([page.width, page.height, page.channels], [20, 12, 3]);
  assertEquals([page.data[0], page.data.at(-1)], [0, 1]);
});
