import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DataError, readJson, writeJson } from "../../lib/core/mod.ts";
import { type CocoFile, parseTextLabels, proceduralImage } from "../../lib/dataset/mod.ts";
import { createRaster, fromBytes, readImage, toBytes, writePng } from "../../lib/image/mod.ts";
import { start } from "../cli/process.ts";
import { inFolder } from "../core/folder.ts";

async function degrade(folder: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const fixed = [
    join(folder, "in"),
    "--out",
    join(folder, "out"),
    "--preset",
    "mild",
    "--workers",
    "1",
    "--strips",
    "0",
  ];
  const { code, stdout, stderr } = await start("lib/cli/degrade.ts", [...fixed, ...args]).outcome;
  return { code, text: `${stdout}${stderr.join("\n")}` };
}

const picture = (folder: string, name: string, width: number, height: number) =>
  writePng(join(folder, "in", name), proceduralImage(9, width, { width, height }));

Deno.test("`deno task degrade --coco` scales boxes, polygons, crowds and key points of the images that are there", () =>
  inFolder(async (folder) => {
    await picture(folder, "a.png", 32, 16);
    await picture(folder, "b.png", 16, 64);
    const image = (id: number, file_name: string, width: number, height: number) => ({ id, file_name, width, height });
    const categories = [{ id: 18, name: "dog" }];
    await writeJson(join(folder, "instances.json"), {
      categories,
      images: [image(7, "a.png", 32, 16), image(8, "b.png", 16, 64), image(9, "not-here.png", 8, 8)],
      annotations: [
        {
          id: 1,
          image_id: 7,
          category_id: 18,
          iscrowd: 0,
          bbox: [3, 2.5, 10, 4],
          area: 20,
          segmentation: [[3, 2.5, 13, 2.5, 13, 6.5], [1, 1, 2, 1, 2, 2]],
          keypoints: [3, 2.5, 2, 0, 0, 0],
        },
        // Columns 0-3 empty, 4-7 full, the others empty.
        {
          id: 2,
          image_id: 7,
          category_id: 18,
          iscrowd: 1,
          bbox: [4, 0, 4, 16],
          area: 64,
          segmentation: { size: [16, 32], counts: [64, 64, 384] },
        },
        {
          id: 3,
          image_id: 8,
          category_id: 18,
          iscrowd: 0,
          bbox: [1, 8, 2, 16],
          area: 32,
          segmentation: [[1, 8, 3, 24, 1, 24]],
        },
        { id: 4, image_id: 9, category_id: 18, iscrowd: 0, bbox: [0, 0, 1, 1], area: 1, segmentation: [] },
      ],
    });
    const { code, text } = await degrade(folder, "--coco", join(folder, "instances.json"), "--resize", "64x32");
    assertEquals(code, 0, text);
    assert(text.includes("note: 1 of the 3 images") && text.includes("such as not-here.png"), text);
    assertEquals(await readJson(join(folder, "out", "annotations.json")), {
      categories,
      images: [image(7, "a.png", 64, 32), image(8, "b.png", 64, 32)],
      annotations: [
        {
          id: 1,
          image_id: 7,
          category_id: 18,
          iscrowd: 0,
          bbox: [6, 5, 20, 8],
          area: 80,
          segmentation: [[6, 5, 26, 5, 26, 13], [2, 2, 4, 2, 4, 4]],
          keypoints: [6, 5, 2, 0, 0, 0],
        },
        {
          id: 2,
          image_id: 7,
          category_id: 18,
          iscrowd: 1,
          bbox: [8, 0, 8, 32],
          area: 256,
          segmentation: { size: [32, 64], counts: [8 * 32, 8 * 32, 48 * 32] },
        },
        {
          id: 3,
          image_id: 8,
          category_id: 18,
          iscrowd: 0,
          bbox: [4, 4, 8, 8],
          area: 64,
          segmentation: [[4, 4, 12, 12, 4, 12]],
        },
      ],
    });
    const { image: truth } = await readImage(join(folder, "out", "hr", "b.png"));
    assertEquals([truth.width, truth.height], [64, 32]);
  }));

Deno.test("`deno task degrade --coco` makes 512 x 512, and names images that the annotations do not fit", () =>
  inFolder(async (folder) => {
    await picture(folder, "a.png", 32, 16);
    await picture(folder, "turned.png", 16, 32);
    await picture(folder, "unknown.png", 24, 24);
    const file: CocoFile = {
      images: [{ id: 7, file_name: "a.png", width: 32, height: 16 }, {
        id: 8,
        file_name: "turned.png",
        width: 32,
        height: 16,
      }],
      annotations: [{ image_id: 7, bbox: [1, 2, 4, 8], area: 32 }, { image_id: 8, bbox: [1, 2, 4, 8], area: 32 }],
    };
    await writeJson(join(folder, "instances.json"), file);
    const { code, text } = await degrade(folder, "--coco", join(folder, "instances.json"));
    assertEquals(code, 65, text);
    assert(text.includes("Cannot annotate turned.png as it must be 32 x 16"), text);
    assert(text.includes("Cannot annotate unknown.png") && text.includes("Cannot use 2 of 3 files"), text);
    for (const kind of ["lr", "hr"]) {
      assertEquals(Array.from(Deno.readDirSync(join(folder, "out", kind)), ({ name }) => name), ["a.png"]);
    }
    const { images, annotations } = await readJson(join(folder, "out", "annotations.json")) as CocoFile;
    assertEquals(images, [{ id: 7, file_name: "a.png", width: 512, height: 512 }]);
    assertEquals(annotations, [{ image_id: 7, bbox: [16, 64, 64, 256], area: 16384 }]);
  }));

/** A map of which every pixel has another class, up to 150. */
function classMap(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => i % 151);
}

Deno.test("`deno task degrade --labels` cuts maps as the truth, and resizes them by the nearest pixel", () =>
  inFolder(async (folder) => {
    await picture(folder, "a.png", 18, 15);
    await writePng(join(folder, "labels", "a.png"), fromBytes(classMap(18, 15), { width: 18, height: 15 }, 1));
    const cut = await degrade(folder, "--labels", join(folder, "labels"));
    assertEquals(cut.code, 0, cut.text);
    const gray = async () => {
      const { image } = await readImage(join(folder, "out", "labels", "a.png"));
      return { ...image, data: Array.from(toBytes(image)).filter((_, i) => i % 3 === 0) };
    };
    const map = classMap(18, 15), whole = await gray();
    assertEquals([whole.width, whole.height], [16, 12]);
    assertEquals(whole.data, Array.from({ length: 16 * 12 }, (_, i) => map[Math.floor(i / 16) * 18 + i % 16]));
    await Deno.remove(join(folder, "out"), { recursive: true });
    const { code, text } = await degrade(folder, "--labels", join(folder, "labels"), "--resize", "12x32");
    assertEquals(code, 0, text);
    const nearest = (at: number, side: number, of: number) => Math.floor((at + 0.5) * of / side);
    assertEquals(
      (await gray()).data,
      Array.from(
        { length: 12 * 32 },
        (_, i) => map[nearest(Math.floor(i / 12), 32, 15) * 18 + nearest(i % 12, 12, 18)],
      ),
    );
  }));

Deno.test("`deno task degrade --labels` names maps that are missing, coloured or of another size, and makes the others", () =>
  inFolder(async (folder) => {
    for (const name of ["a", "coloured", "missing", "small"]) await picture(folder, `${name}.png`, 16, 16);
    const size = { width: 16, height: 16 }, labels = join(folder, "labels");
    await writePng(join(labels, "a.png"), fromBytes(classMap(16, 16), size, 1));
    await writePng(join(labels, "coloured.png"), proceduralImage(1, 0, size));
    await writePng(join(labels, "small.png"), createRaster({ width: 8, height: 8 }, 1));
    const { code, text } = await degrade(folder, "--labels", labels);
    assertEquals(code, 65, text);
    assert(text.includes("1 made") && text.includes("coloured.png as they must be gray"), text);
    assert(text.includes("small.png as they must be as large as their image, 16 x 16"), text);
    assertEquals(Array.from(Deno.readDirSync(join(folder, "out", "labels")), ({ name }) => name), ["a.png"]);
    const reasons = await readJson(join(folder, "out", "quarantine.json")) as { file: string }[];
    assertEquals(reasons.map(({ file }) => file.slice(file.lastIndexOf("/") + 1)), [
      "coloured.png",
      "missing.png",
      "small.png",
    ]);
  }));

Deno.test("`deno task degrade --text` moves the quadrilaterals of words as their frames are resized and cut", () =>
  inFolder(async (folder) => {
    await picture(folder, "v1/0001.png", 42, 23);
    const points = [[2, 3], [41.5, 3], [41.5, 22.5], [2, 22.5]];
    const line = `in/v1/0001.png\t${JSON.stringify([{ transcription: "STOP", points, difficult: false }])}\n`;
    await Deno.writeTextFile(join(folder, "Label.txt"), line);
    const read = async () => parseTextLabels(await Deno.readTextFile(join(folder, "out", "text.txt")), "text.txt");
    assertEquals((await degrade(folder, "--text", join(folder, "Label.txt"))).code, 0);
    const word = { transcription: "STOP", difficult: false };
    assertEquals(await read(), [
      { file: "v1/0001.png", words: [{ ...word, points: [[2, 3], [40, 3], [40, 20], [2, 20]] }] },
    ]);
    await Deno.remove(join(folder, "out"), { recursive: true });
    assertEquals((await degrade(folder, "--text", join(folder, "Label.txt"), "--resize", "84x92")).code, 0);
    assertEquals(await read(), [
      { file: "v1/0001.png", words: [{ ...word, points: [[4, 12], [83, 12], [83, 90], [4, 90]] }] },
    ]);
    await Deno.writeTextFile(join(folder, "Label.txt"), "another.png\t[]\n");
    const { code, text } = await degrade(folder, "--text", join(folder, "Label.txt"), "--resize", "84x92");
    assertEquals(code, 65, text);
    assert(text.includes("Cannot label v1/0001.png"), text);
    assert(text.includes("note: 1 of the 1 images") && text.includes("such as another.png"), text);
    assertThrows(() => parseTextLabels("a.png [[1, 2]]", "Label.txt"), DataError, "FILE, a tab");
  }));
