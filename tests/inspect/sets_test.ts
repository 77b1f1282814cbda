import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, readJson } from "../../lib/core/mod.ts";
import { type Inspection, inspectSet, openSet, proceduralImage, recogniseSet } from "../../lib/dataset/mod.ts";
import { readImage, writePng } from "../../lib/image/mod.ts";
import { inFolder } from "../core/folder.ts";

const picture = (index: number, side: number) => proceduralImage(2, index, { width: side, height: side });

Deno.test("recogniseSet() knows the layouts of the publishers", () => {
  const layouts: Record<string, string[]> = {
    div2k: ["DIV2K_train_HR/0001.png", "DIV2K_valid_HR/0801.png", "DIV2K_valid_LR_bicubic/X4/0801x4.png"],
    lsdir: ["HR/train/0001000/0000001.png", "val1/HR/val/0000001.png", "val1/X4/val/0000001x4.png"],
    realsr: ["Canon/Test/4/Canon_001_HR.png", "Canon/Test/4/Canon_001_LR4.png", "Nikon/Train/4/Nikon_001_HR.png"],
    drealsr: ["Test_x4/test_HR/P1_x4.png", "Test_x4/test_LR/P1_x1.png"],
    crops: ["test_LR/a.png", "test_HR/a.png"],
    reallq250: ["lq/001.png"],
    "old-films": ["001/0100.png", "002/1000.png"],
    city100: ["nikon/005H.png", "nikon/005L.png"],
    pairs: ["gt/a.png", "lq/a_LR4.jpg", "seesr/a.png"],
    any: ["gt/a.png", "b.jpg"],
  };
  for (const [name, paths] of Object.entries(layouts)) assertEquals(recogniseSet(paths), name);
  assertEquals(recogniseSet(["001_100.png", "002_1000.png"]), "old-films");
  assertEquals(recogniseSet(["photo.jpg", "DIV2K_train_HR/0001.png"]), "div2k");
  assertEquals(recogniseSet(["photo.jpg", "lq/001.png"]), "any");
});

Deno.test("openSet() pairs by name up to the publishers' suffixes", () =>
  inFolder(async (folder) => {
    await writePng(join(folder, "HR", "a.png"), picture(0, 16));
    await writePng(join(folder, "LR", "ax4.png"), picture(0, 4));
    await writePng(join(folder, "LR", "b_x1.png"), picture(1, 4));
    const { name, entries } = await openSet(folder);
    assertEquals([name, entries.map(({ id }) => id)], ["pairs", ["all/a", "all/b"]]);
    assert(entries[0].hr !== null && entries[0].lr !== null && entries[1].hr === null);
    await assertRejects(() => openSet(folder, "div2k"), DataError, "as DIV2K");
  }));

Deno.test("inspectSet() finds wrong counts, ratios, sides, duplicates and lonely files, and goes on after a bad one", () =>
  inFolder(async (folder) => {
    for (
      const [file, index, side] of [["1_HR", 0, 32], ["1_LR4", 0, 8], ["2_HR", 1, 30], ["2_LR4", 1, 8], ["3_HR", 0, 32]]
    ) {
      await writePng(join(folder, "Canon", "Test", "4", `Canon_${file}.png`), picture(Number(index), Number(side)));
    }
    await Deno.writeTextFile(join(folder, "Canon", "Test", "4", "Canon_0_HR.png"), "no image");
    const { set, files, others, faults, problems } = await inspectSet(folder);
    assertEquals([set, files.length, others, faults.length], ["realsr", 5, [], 1]);
    assertEquals(files[0].file, "Canon/Test/4/Canon_1_HR.png");
    assertEquals(problems, [
      "Cannot pair Canon Test/Canon_2 as HR must have four times the sides of LR: current value is 8 x 8 for 30 x 30",
      "Canon Test has 4 images, published are 50",
      "Canon Test/Canon_0 has no LR image",
      "Canon Test/Canon_3 has no LR image",
      "1 HR images have sides that are no multiples of 4, such as Canon Test/Canon_2",
      "the same file: Canon/Test/4/Canon_1_HR.png, Canon/Test/4/Canon_3_HR.png",
    ]);
    assertEquals(await inspectSet(folder), { version: 1, set, files, others, faults, problems });
  }));

Deno.test("inspectSet() refuses RealSR V1 and V2 and says why", () =>
  inFolder(async (folder) => {
    for (const kind of ["HR", "LR4"]) {
      await writePng(join(folder, "Nikon", "Test", "4", `Nikon_001_${kind}.png`), picture(0, 16));
    }
    await assertRejects(
      () => inspectSet(folder),
      DataError,
      "Cannot use RealSR V1 or V2 as their LR images have the size",
    );
  }));

Deno.test("`deno task inspect` prints a table, writes a manifest and centre crops", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data"), crops = join(folder, "crops"), manifest = join(folder, "manifest.json");
    await writePng(join(data, "test_HR", "a.png"), picture(0, 40));
    await writePng(join(data, "test_LR", "a.png"), picture(0, 10));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "inspect", data, "--crops", crops, "--size", "7", "--manifest", manifest],
      cwd: join(import.meta.dirname!, "../.."),
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assert(text.includes("128-512 crops") && text.includes("1 pairs"), text);
    assert(text.includes("problem: 1 HR images are not 512 x 512, as published, such as test/a"), text);
    assertEquals((await readJson(manifest) as Inspection).files.length, 2);
    const { image } = await readImage(join(crops, "hr", "test_a.png"));
    assertEquals([image.width, image.height], [28, 28]);
  }));

Deno.test("`deno task inspect --crops` leaves pairs of another ratio or of one name out, and cuts the others", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data"), crops = join(folder, "crops");
    for (const [name, lr] of [["a", 8], ["b", 9], ["c d", 8], ["c_d", 8]] as const) {
      await writePng(join(data, "hr", `${name}.png`), picture(0, 32));
      await writePng(join(data, "lr", `${name}.png`), picture(0, lr));
    }
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "inspect", data, "--crops", crops, "--size", "4"],
      cwd: join(import.meta.dirname!, "../.."),
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assertEquals(code, 65, text);
    assert(
      !text.includes("note:") && text.includes("2 pairs") &&
        text.includes("left out: Cannot pair all/b as HR must have four times"),
      text,
    );
    assert(text.includes("left out: Cannot name the crop of all/c_d as names must differ"), text);
    assert(new TextDecoder().decode(stderr).includes("Cannot use 2 files or pairs"));
    const { crops: list } = await readJson(join(crops, "crops.json")) as { crops: { name: string }[] };
    assertEquals(list.map(({ name }) => name), ["all_a", "all_c_d"]);
    const large = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "inspect", data, "--crops", join(folder, "large")],
      cwd: join(import.meta.dirname!, "../.."),
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(large.stdout);
    assert(said.includes("note: none of the 2 pairs has low-resolution sides of 256"), said);
  }));
