import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, InputOutputError } from "../../lib/core/mod.ts";
import { listImages, loadImages, proceduralImage } from "../../lib/dataset/mod.ts";
import { createRaster, encodeJpeg, encodePng, type Raster, writePng } from "../../lib/image/mod.ts";
import { inFolder } from "../core/folder.ts";

const picture = (index: number, side = 48): Raster => proceduralImage(6, index, { width: side, height: side });

Deno.test("loadImages() opens sound images in the order of their names", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos");
    await writePng(join(photos, "b.png"), picture(0));
    await writePng(join(photos, "inside", "a.png"), picture(1));
    await Deno.writeFile(join(photos, "a.JPG"), await encodeJpeg(picture(2), { quality: 90 }));
    await Deno.writeTextFile(join(photos, "LICENSE.txt"), "text is no image and not meant as one");
    await Deno.writeTextFile(join(photos, ".hidden.png"), "hidden");
    const { images, notes } = await loadImages([photos], { minSize: 48 });
    assertEquals(images.map(({ id }) => id), ["photos/a.JPG", "photos/b.png", "photos/inside/a.png"]);
    assertEquals(notes, []);
    assertEquals(await images[1].read(), picture(0));
    assertEquals([images[1].width, images[1].hash.length], [48, 64]);
  }));

Deno.test("loadImages() says what it converts and leaves copies out", () =>
  inFolder(async (folder) => {
    const gray = createRaster({ width: 48, height: 48 }, 1);
    await writePng(join(folder, "gray.png"), gray);
    await writePng(join(folder, "one.png"), picture(0));
    await writePng(join(folder, "same.png"), picture(0));
    const { images, notes } = await loadImages([folder]);
    assertEquals(images.length, 2);
    assertEquals(notes.map((note) => note.slice(note.indexOf("/") + 1)), [
      "gray.png: gray converted to RGB",
      `same.png: the same file as ${images[1].id}, left out`,
    ]);
    assertEquals((await images[0].read()).channels, 3);
  }));

Deno.test("loadImages() lists every bad file at once, in one line", () =>
  inFolder(async (folder) => {
    const png = await encodePng(picture(0));
    await Deno.writeFile(join(folder, "good.png"), png);
    await Deno.writeFile(join(folder, "truncated.png"), png.subarray(0, png.length / 2));
    await Deno.writeTextFile(join(folder, "text.png"), "no image at all");
    await Deno.writeFile(join(folder, "empty.jpg"), new Uint8Array());
    await Deno.writeTextFile(join(folder, "drawing.gif"), "<svg/>");
    await writePng(join(folder, "small.png"), picture(1, 16));
    const error = await loadImages([folder], { minSize: 32 }).then(() => null, (error) => error);
    assert(error instanceof DataError);
    assert(error.message.startsWith("Cannot use 5 of 6 image files: "), error.message);
    for (const name of ["truncated.png", "text.png", "empty.jpg", "drawing.gif", "small.png"]) {
      assert(error.message.includes(join(folder, name)), name);
    }
    assert(error.message.includes("at least 32 x 32: current value is 16 x 16"), error.message);
    assert(!error.message.includes("good.png") && !error.message.includes("\n"));
    assertEquals(error.exitCode, 65);
  }));

Deno.test("loadImages() refuses missing and empty folders, and too few images", () =>
  inFolder(async (folder) => {
    const missing = join(folder, "missing");
    await assertRejects(() => loadImages([missing]), DataError, `${missing} as it must exist`);
    await assertRejects(() => loadImages([]), DataError, "a folder is needed");
    await assertRejects(() => loadImages([folder]), DataError, "0 image files");
    await writePng(join(folder, "one.png"), picture(0));
    await assertRejects(
      () => loadImages([folder], { minCount: 2 }),
      DataError,
      "at least 2 images are needed: current value is 1",
    );
  }));

Deno.test("loadImages() follows links to files and lists those that lead nowhere", () =>
  inFolder(async (folder) => {
    const set = join(folder, "set");
    await writePng(join(folder, "elsewhere", "a.png"), picture(0));
    await Deno.mkdir(set);
    await Deno.symlink(join(folder, "elsewhere", "a.png"), join(set, "linked.png"));
    await Deno.symlink(join(folder, "elsewhere"), join(set, "folder"));
    assertEquals((await loadImages([set])).images.map(({ id }) => id), ["set/linked.png"]);
    await Deno.symlink(join(folder, "gone.png"), join(set, "dangling.png"));
    await assertRejects(() => loadImages([set]), DataError, "dangling.png as the path must exist");
  }));

Deno.test("listImages() says in one line why a folder cannot be read", () =>
  inFolder(async (folder) => {
    await writePng(join(folder, "a.png"), picture(0));
    const inside = join(folder, "a.png", "inside"), long = join(folder, "x".repeat(300));
    for (const path of [inside, long]) {
      await assertRejects(() => listImages([path]), InputOutputError, `Cannot list images in ${path}`);
    }
  }));

Deno.test("listImages() keeps folders of the same name apart, and takes single files", () =>
  inFolder(async (folder) => {
    for (const parent of ["first", "second"]) await writePng(join(folder, parent, "set", "x.png"), picture(0));
    const folders = ["first", "second"].map((parent) => join(folder, parent, "set"));
    const single = join(folders[0], "x.png");
    const files = await listImages([...folders, single]);
    assertEquals(files.map(({ id }) => id), ["set/x.png", "set#2/x.png", "x.png"]);
    assertEquals(files[2].path, single);
  }));
