import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { DataError, readBytes, readJson, writeJson } from "../../lib/core/mod.ts";
import { type DegradedRecord, proceduralImage } from "../../lib/dataset/mod.ts";
import { readImage, toBytes, writePng } from "../../lib/image/mod.ts";
import { readReplay } from "../../lib/cli/degrade/replay.ts";
import { filesBelow, start } from "../cli/process.ts";
import { inFolder } from "../core/folder.ts";

interface Manifest {
  readonly patches: readonly DegradedRecord[];
  readonly settings: unknown;
}

async function degrade(...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await start("lib/cli/degrade.ts", [...args, "--strips", "0"]).outcome;
  return { code, text: `${stdout}${stderr.join("\n")}` };
}

/** Contents of `lr/` and `hr/`, by path. */
async function pictures(out: string): Promise<[string, Uint8Array][]> {
  const files = (await Promise.all(["hr", "lr"].map((kind) => filesBelow(join(out, kind))))).flat();
  return await Promise.all(
    files.map(async (path): Promise<[string, Uint8Array]> => [path.slice(out.length), await readBytes(path)]),
  );
}

Deno.test("`deno task degrade` spreads patches over the images, and its list alone makes them again, bit for bit", () =>
  inFolder(async (folder) => {
    const [photos, elsewhere] = ["photos", "elsewhere"].map((name) => join(folder, name));
    for (let i = 0; i < 3; i++) {
      // The last one is smaller than a patch: its largest centred part is taken.
      const image = proceduralImage(4, i, { width: i === 2 ? 30 : 60, height: 45 });
      for (const into of [photos, elsewhere]) await writePng(join(into, "inside", `${i}.png`), image);
    }
    await writePng(join(elsewhere, "more.png"), proceduralImage(4, 9, { width: 60, height: 60 }));
    const [out, again] = ["out", "again"].map((name) => join(folder, name));
    const made = await degrade(photos, "--out", out, "--size", "40", "--patches", "7");
    assertEquals(made.code, 0, made.text);
    const { patches } = await readJson(join(out, "manifest.json")) as Manifest;
    assertEquals(patches.map(({ name }) => name), [
      ...["inside/0_000", "inside/0_001", "inside/0_002"],
      ...["inside/1_000", "inside/1_001", "inside/2_000", "inside/2_001"],
    ]);
    assertEquals(patches.map(({ pair: { crop } }) => [crop.width, crop.height]), [
      ...Array(5).fill([40, 40]),
      ...Array(2).fill([28, 40]),
    ]);
    const list = join(folder, "list.json");
    await Deno.copyFile(join(out, "manifest.json"), list);
    const replayed = await degrade(elsewhere, "--out", again, "--replay", list);
    assertEquals([replayed.code, replayed.text.includes("7 made, 0 kept")], [0, true], replayed.text);
    assertEquals(await pictures(again), await pictures(out));
    const { settings } = await readJson(join(again, "manifest.json")) as Manifest;
    assertEquals(settings, { replay: list, resize: null }, "no preset that was not used");
    for (const [name, value] of [["preset", "soft"], ["seed", "9"], ["resize", "64x64"]]) {
      const { code, text } = await degrade(elsewhere, "--out", join(folder, "y"), "--replay", list, `--${name}`, value);
      assertEquals([code, text.includes(`--${name} with --replay`)], [64, true], text);
    }
    assertEquals((await readReplay(join(out, "recipes"))).get("inside/1.png")?.length, 2);
    await Deno.remove(join(elsewhere, "inside", "1.png"));
    const { code, text } = await degrade(elsewhere, "--out", join(folder, "x"), "--replay", list);
    assertEquals([code, text.includes("without inside/1.png")], [65, true], text);
  }));

Deno.test("`deno task degrade` refuses results among the images, and says where no result has the size", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos"), out = join(folder, "out");
    for (const [i, side] of [24, 32].entries()) {
      await writePng(join(photos, `${i}.png`), proceduralImage(4, i, { width: side, height: side }));
    }
    for (const [images, into] of [[photos, photos], [photos, join(photos, "more")], [join(photos, "hr"), photos]]) {
      await Deno.mkdir(images, { recursive: true });
      const { code, text } = await degrade(images, "--out", into);
      assertEquals([code, text.includes("must be in folders apart")], [64, true], text);
    }
    assertEquals((await filesBelow(photos)).length, 2);
    const some = await degrade(photos, "--out", out, "--preset", "none", "--size", "32");
    assert(some.text.includes("note: 1 of 2 have not 32 x 32"), some.text);
    const none = await degrade(photos, "--out", join(folder, "x"), "--preset", "none", "--size", "64");
    assert(none.text.includes("note: none of the 2 results has 64 x 64"), none.text);
    const wrong = await degrade(photos, "--out", join(folder, "z"), "--workers", "0");
    assertEquals([wrong.code, await Deno.stat(join(folder, "z")).catch(() => null)], [64, null], "nothing is left");
  }));

Deno.test("readReplay() refuses lists of something else, and names that leave the folder of the results", () =>
  inFolder(async (folder) => {
    const list = join(folder, "list.json");
    const record = { version: 1, name: "../../a", pair: { image: "a/a.png", recipe: { steps: [] } } };
    for (const value of [null, { patches: [{}] }, { patches: [record] }, { patches: [{ ...record, name: "/a" }] }]) {
      await writeJson(list, value);
      await assertRejects(() => readReplay(list), DataError, "must be a manifest.json");
    }
    await writeJson(list, { patches: [] });
    await assertRejects(() => readReplay(list), DataError, "current value is none");
  }));

Deno.test("`deno task degrade` reads 16-bit, palette, gray and CMYK images, and says what it converted", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos"), out = join(folder, "out");
    const size = { width: 32, height: 24 }, image = proceduralImage(4, 0, size);
    await writePng(join(photos, "plain.png"), image);
    const raw = { raw: { ...size, channels: 3 as const } };
    const pipeline = () => sharp(toBytes(image), raw);
    const deep = sharp(Uint16Array.from(image.data, (value) => Math.round(255 * value) * 257), raw);
    const files = {
      "cmyk.jpg": pipeline().toColourspace("cmyk").jpeg({ quality: 95 }),
      "deep.png": deep.toColourspace("rgb16").png(),
      "gray.png": pipeline().toColourspace("b-w").png(),
      "palette.png": pipeline().png({ palette: true }),
    };
    for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(join(photos, name), await bytes.toBuffer());
    const { code, text } = await degrade(photos, "--out", out, "--preset", "none", "--plain-truth");
    assertEquals([code, text.includes("5 made")], [0, true], text);
    const { patches } = await readJson(join(out, "manifest.json")) as Manifest;
    assertEquals(Object.fromEntries(patches.map(({ name, notes }) => [name, notes])), {
      cmyk: ["CMYK converted to RGB"],
      deep: ["16-bit samples read without rounding"],
      gray: ["gray converted to RGB"],
      palette: ["palette expanded to RGB"],
      plain: [],
    });
    const truth = async (name: string) => toBytes((await readImage(join(out, "hr", `${name}.png`))).image);
    assertEquals(await truth("deep"), await truth("plain"));
    const plain = await truth("plain");
    for (const name of ["cmyk", "palette"]) {
      const other = await truth(name);
      const rmse = Math.sqrt(plain.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0) / plain.length);
      assert(rmse < 25, `${name} differs by ${rmse}`);
    }
  }));
