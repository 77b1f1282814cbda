import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DataError } from "asasr/core/mod.ts";
import { proceduralImage } from "asasr/dataset/mod.ts";
import { openDetections, openLabelMaps, openTexts, readComparison } from "asasr/experiment/mod.ts";
import {
  type Box,
  createRaster,
  crop,
  encodePng,
  quantise8,
  type Raster,
  rasteriseSvg,
  repeatPixels,
  resizeBicubic,
} from "asasr/image/mod.ts";
import { comparisonSvg } from "asasr/view/mod.ts";
import { kindColour } from "asasr/view/comparison/colours.ts";
import { layOutRow } from "asasr/view/comparison/layout.ts";
import { inStudyFolder, methods } from "../study/study_folders.ts";

const box: Box = { left: 24, top: 10, width: 30, height: 20 };
const truth = quantise8(proceduralImage(7, 0, { width: 96, height: 96 }));
const low = quantise8(resizeBicubic(proceduralImage(7, 0, { width: 96, height: 96 }), 0.25));

/** Folders of 96 px results and 24 px low-quality images. */
const foldersOf = (root: string) => ["lr", methods[1], methods[0]].map((name) => ({ name, path: join(root, name) }));

function same(a: Raster, b: Raster, tolerance = 1e-6): void {
  assertEquals([a.width, a.height], [b.width, b.height]);
  assert(a.data.every((value, i) => Math.abs(value - b.data[i]) <= tolerance));
}

Deno.test("readComparison() shows the same place everywhere, enlarged as said", () =>
  inStudyFolder(1, async (root) => {
    const folders = foldersOf(root), requests = [{ image: "image-0", box }];
    const [{ whole, cells, box: kept }] = await readComparison(folders, requests);
    assertEquals([cells.map(({ name }) => name), kept], [["lr", methods[1], methods[0]], box]);
    same(whole, truth);
    same(cells[2].image, crop(truth, box));
    same(cells[0].image, crop(repeatPixels(low, 4), box));
    const [{ cells: [bicubic] }] = await readComparison(folders, requests, { enlarge: "bicubic" });
    same(bicubic.image, crop(resizeBicubic(low, 4, { uint8: true }), box));
    const [{ cells: all }] = await readComparison(folders, [{ image: "image-0", box: null }]);
    same(all[2].image, truth);
  }));

Deno.test("readComparison() names what is missing or does not fit", () =>
  inStudyFolder(1, async (root) => {
    const folders = foldersOf(root), request = { image: "image-0", box };
    await assertRejects(
      () => readComparison(folders, [{ image: "absent", box }]),
      DataError,
      "has image-0, but not it",
    );
    const outside = { ...request, box: { ...box, left: 70 } };
    await assertRejects(
      () => readComparison(folders, [outside]),
      DataError,
      "inside 96 x 96: current value is 70,10,30,20",
    );
    const absent = [{ name: "x", path: join(root, "absent") }, ...folders];
    await assertRejects(() => readComparison(absent, [request]), DataError, "it must exist");
    await Deno.writeFile(join(root, "lr", "image-0.png"), await encodePng(createRaster({ width: 40, height: 24 })));
    await assertRejects(() => readComparison(folders, [request]), DataError, "current value is 40 x 24");
  }));

Deno.test("openDetections(), openTexts() and openLabelMaps() put boxes, masks and classes where they are", () =>
  inStudyFolder(1, async (root) => {
    const image = { id: 5, width: 96, height: 96, file_name: "image-0.jpg" };
    const annotations = {
      images: [image],
      categories: [{ id: 9, name: "cat" }, { id: 4 }],
      annotations: [{ image_id: 5, category_id: 4, area: 1, bbox: [30, 15, 4, 2] }],
    };
    const square = [[26, 12, 30, 12, 30, 16, 26, 16]];
    const detections = [
      { image_id: 5, category_id: 9, score: 0.914, bbox: [26, 12, 10, 6], segmentation: square },
      { image_id: 5, category_id: 4, score: 0.6, bbox: [80, 80, 5, 5], segmentation: square }, // outside the crop
      { image_id: 5, category_id: 4, score: 0.2, bbox: [26, 12, 10, 6], segmentation: square },
      { image_id: 6, category_id: 9, score: 0.9, bbox: [26, 12, 10, 6], segmentation: square },
    ];
    const paths = { truth: join(root, "truth.json"), found: join(root, "found.json"), texts: join(root, "texts.txt") };
    await Deno.writeTextFile(paths.truth, JSON.stringify(annotations));
    await Deno.writeTextFile(paths.found, JSON.stringify(detections));
    const region = { points: [[30, 20], [40, 20], [40, 25]], transcription: "EXIT", score: 0.5 };
    await Deno.writeTextFile(paths.texts, `a/image-0.png\t${JSON.stringify([region, { ...region, score: 0.1 }])}\n`);
    const labels = createRaster({ width: 96, height: 96 }, 1);
    labels.data.fill(1).set([2 / 255], 10 * 96 + 24); // class 255 but for the crop's first pixel
    await Deno.mkdir(join(root, "labels"));
    await Deno.writeFile(join(root, "labels", "image-0.png"), await encodePng(labels));
    const [lr, smooth, sharp] = foldersOf(root);
    const [{ cells }] = await readComparison([
      { ...lr, overlays: [await openTexts(paths.texts, 0.3)] },
      {
        ...smooth,
        overlays: [await openLabelMaps(join(root, "labels")), await openDetections(paths.found, paths.truth, 0.3)],
      },
      { ...sharp, overlays: [await openDetections(null, paths.truth, 0.3)] },
    ], [{ image: "image-0", box }]);
    const marks = cells.map(({ overlay }) => overlay.marks.map(({ points, label, kind }) => ({ points, label, kind })));
    assertEquals(marks[0], [{ points: [[6, 10], [16, 10], [16, 15]], label: "EXIT 0.50", kind: 1 }]);
    assertEquals(marks[1], [{ points: [[2, 2], [12, 2], [12, 8], [2, 8]], label: "cat 0.91", kind: 0 }]);
    assertEquals(marks[2], [{ points: [[6, 5], [10, 5], [10, 7], [6, 7]], label: "category 4", kind: 1 }]);
    const kinds = cells[1].overlay.kinds!;
    assertEquals([kinds[0], kinds[1], kinds[2 * 30 + 2], kinds[5 * 30 + 5], kinds[6 * 30 + 6]], [3, 0, 1, 1, 0]);
    assertEquals(cells.map(({ overlay }) => overlay.kinds === null), [true, false, true]);

    await Deno.writeTextFile(paths.truth, JSON.stringify({ ...annotations, images: [{ ...image, width: 95 }] }));
    const wrong = [{ ...sharp, overlays: [await openDetections(null, paths.truth, 0)] }];
    await assertRejects(
      () => readComparison(wrong, [{ image: "image-0", box }]),
      DataError,
      "current value is 95 x 96",
    );
    await Deno.writeTextFile(
      paths.truth,
      JSON.stringify({ ...annotations, images: [{ ...image, file_name: undefined }] }),
    );
    const unnamed = [{ ...sharp, overlays: [await openDetections(null, paths.truth, 0)] }];
    await assertRejects(
      () => readComparison(unnamed, [{ image: "image-0", box }]),
      DataError,
      "name it in a file_name",
    );
  }));

Deno.test("comparisonSvg() puts every pixel of a crop and the box of the whole image in their places", () =>
  inStudyFolder(1, async (root) => {
    const rows = await readComparison(foldersOf(root), [{ image: "image-0", box }, { image: "image-0", box: null }]);
    rows[0] = { ...rows[0], cells: rows[0].cells.map((cell) => ({ ...cell, name: `<${cell.name}> & "more"` })) };
    const layout = { columns: 2, zoom: 3 }, svg = await comparisonSvg(rows, layout), drawn = await rasteriseSvg(svg);
    assert(await comparisonSvg(rows, layout) === svg && !svg.includes("<lr>"));
    assert(!/NaN|undefined/.test(svg.replace(/base64,[^"]*/g, "")));
    const places = layOutRow(rows[0].whole, box, { ...layout, count: 3, top: 6 });
    rows[0].cells.forEach(({ image }, i) => {
      const { x, y, width, height } = places.cells[i];
      same(crop(drawn, { left: x, top: y, width, height }), repeatPixels(image, 3), 1e-6);
    });
    // The box of the crop: red at the middle of its left side, in the whole image
    const { whole } = places, scale = whole.width / 96;
    const left = Math.round(whole.x + 24 * scale), middle = Math.round(whole.y + 20 * scale);
    const [red, green, blue] = crop(drawn, { left, top: middle, width: 1, height: 1 }).data;
    assert(red > 0.7 && green < 0.25 && blue < 0.25, `${red} ${green} ${blue}`);
    // The second row shows all of the image, and no box around it
    assertEquals(svg.match(/stroke="#e00000"/g)!.length, 1);
  }));

Deno.test("comparisonSvg() draws marks to scale and their labels inside the image", () =>
  inStudyFolder(1, async (root) => {
    const [row] = await readComparison(foldersOf(root), [{ image: "image-0", box }]);
    const mark = { points: [[2, 1], [12, 1], [12, 9], [2, 9]] as const, label: "a very long label 0.99", kind: 2 };
    const marked = { ...row, cells: row.cells.map((cell) => ({ ...cell, overlay: { marks: [mark], kinds: null } })) };
    const svg = await comparisonSvg([marked], { zoom: 5 });
    const { cells: [{ x, y, width }] } = layOutRow(row.whole, box, { count: 3, columns: 3, zoom: 5, top: 6 });
    const corners = mark.points.map(([px, py]) => `${x + 5 * px},${y + 5 * py}`).join(" ");
    assert(svg.includes(`points="${corners}" fill="none" stroke="${kindColour(2)}"`));
    const [, left, top, wide] = new RegExp(
      `<rect x="([\\d.]+)" y="([\\d.]+)" width="([\\d.]+)" height="13" fill="${kindColour(2)}"`,
    )
      .exec(svg)!.map(Number);
    assert(left >= x && top >= y && left + wide <= x + width + 0.01, `${left} ${top} ${wide}`);
  }));

Deno.test("kindColour() gives neighbouring kinds colours that differ", () => {
  const colours = Array.from({ length: 150 }, (_, kind) => kindColour(kind));
  assert(colours.every((colour) => /^#[0-9a-f]{6}$/.test(colour)));
  assertEquals(new Set(colours).size, 150);
});

Deno.test("repeatPixels() enlarges by whole factors", () => {
  const r = createRaster({ width: 2, height: 1 }, 1, Float32Array.of(0.25, 0.75));
  assertEquals([...repeatPixels(r, 2).data], [0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75, 0.75]);
  assert(repeatPixels(r, 1) === r);
  assertThrows(() => repeatPixels(r, 1.5), RangeError, "whole number");
});
