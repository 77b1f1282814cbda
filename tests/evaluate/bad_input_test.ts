import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { measurementCache } from "../../lib/experiment/evaluation/cache.ts";
import { inFolder } from "../core/folder.ts";
import { evaluate, folders, picture, result } from "./command.ts";

const paired = ["--sr", "sr", "--sr", "other", "--hr", "hr", "--metrics", "psnrDb"];

/** Reasons why a file was left out. */
async function reasons(folder: string, name: string): Promise<string[]> {
  const { faults } = await result(folder);
  return faults.filter(({ file }) => file.endsWith(name)).map(({ reason }) => reason);
}

/** Which images of a folder have a PSNR. */
async function measured(folder: string, name: string): Promise<boolean[]> {
  const found = (await result(folder)).folders.find((one) => one.name === name)!;
  return found.perImage.psnrDb.map((value) => value !== null);
}

Deno.test("evaluate leaves a corrupt file in the middle out, does the rest, and ends with 65", () =>
  inFolder(async (folder) => {
    await folders(folder);
    const whole = await Deno.readFile(join(folder, "sr/2.png"));
    await Deno.writeTextFile(join(folder, "sr/1.png"), "not an image");
    await Deno.writeFile(join(folder, "sr/2.png"), whole.subarray(0, whole.length / 2));
    const { code, out, errors } = await evaluate(folder, ...paired);
    assertEquals([code, errors.split("\n").length], [65, 3], errors); // memory, and what went wrong
    assert(out.includes("Left out:") && out.includes("sr/1.png"));
    assert((await reasons(folder, "sr/1.png"))[0].includes("must be PNG"));
    assert((await reasons(folder, "sr/2.png"))[0].includes("must be complete and valid"));
    assertEquals(await measured(folder, "sr"), [true, false, false, true]);
    assertEquals(await measured(folder, "other"), [true, true, true, true]);
    assert(out.includes("(2 of 4)"), "the table says that a mean is over fewer images");
  }));

Deno.test("evaluate never resizes: another size or name than the truth's is left out", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await picture(2, 44, 40, 5).png().toFile(join(folder, "other/2.png"));
    await picture(9, 48, 40, 5).png().toFile(join(folder, "sr/extra.png"));
    await Deno.remove(join(folder, "sr/0.png"));
    assertEquals((await evaluate(folder, ...paired)).code, 65);
    assert((await reasons(folder, "other/2.png"))[0].includes("44 x 40, truth 48 x 40"));
    assert((await reasons(folder, "sr/extra.png"))[0].includes("hr has no image of this name"));
    assert((await reasons(folder, "hr/0.png"))[0].includes("sr has no image of this name"));
    assertEquals((await result(folder)).images, ["0", "1", "2", "3", "extra"]);
    assertEquals(await measured(folder, "sr"), [false, true, true, true, false]);
    assertEquals(await measured(folder, "other"), [true, true, false, true, false]);
  }));

Deno.test("evaluate reports images without a partner of --lr too, and of other results where there are no truths", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await Deno.mkdir(join(folder, "lr"));
    for (const i of [0, 2, 3]) await picture(i, i === 3 ? 13 : 12, 10, 0).png().toFile(join(folder, `lr/${i}.png`));
    assertEquals((await evaluate(folder, ...paired, "--lr", "lr")).code, 65);
    assert((await reasons(folder, "hr/1.png"))[0].includes("bicubic has no image of this name"));
    assert((await reasons(folder, "lr/3.png"))[0].includes("whole multiple, twice or more: 13 x 10, truth 48 x 40"));
    assertEquals(await measured(folder, "bicubic"), [true, false, true, false]);
    await writeModel(folder);
    await Deno.remove(join(folder, "other/0.png"));
    const alone = ["--sr", "sr", "--sr", "other", "--metrics", "niqe", "--weights", "."];
    const refused = await evaluate(folder, ...alone);
    assertEquals(refused.code, 64);
    assert(refused.errors.includes("holds truths hr: current value is none; name another --out"), refused.errors);
    await Deno.remove(join(folder, "evaluation"), { recursive: true });
    assertEquals((await evaluate(folder, ...alone)).code, 65);
    assert((await reasons(folder, "sr/0.png"))[0].includes("other has no image of this name"));
  }));

Deno.test("measurementCache() keeps scores, and neither broken lines nor reasons", () =>
  inFolder(async (folder) => {
    const path = join(folder, "measured.jsonl");
    const lines = ['["a",1.5]', '["b","memory did not suffice"]', "{", '["c",null]', '["d",2'];
    await Deno.writeTextFile(path, lines.join("\n"));
    const cache = await measurementCache(folder);
    assertEquals(["a", "b", "c", "d"].map(cache.get), [1.5, undefined, undefined, undefined]);
    await cache.put("d", 2.5);
    assertEquals((await measurementCache(folder)).get("d"), 2.5);
  }));

Deno.test("evaluate reads CMYK, palettes and 16 bits, and says what it converted", () =>
  inFolder(async (folder) => {
    await folders(folder);
    await Deno.remove(join(folder, "sr/0.png"));
    await picture(0, 48, 40, 9).toColourspace("cmyk").jpeg().toFile(join(folder, "sr/0.jpg"));
    await picture(3, 48, 40, 9).png({ palette: true }).toFile(join(folder, "sr/3.png"));
    await picture(3, 48, 40, 0).toColourspace("rgb16").png().toFile(join(folder, "hr/3.png"));
    const { code, out } = await evaluate(folder, ...paired);
    assertEquals(code, 0);
    for (const note of ["0.jpg: CMYK converted", "3.png: palette expanded", "hr/3.png: 16-bit samples"]) {
      assert(out.includes(note), note);
    }
    assertEquals(await measured(folder, "sr"), [true, true, true, true]);
  }));

/** A model of NIQE's that scores anything. */
async function writeModel(folder: string): Promise<void> {
  const model = {
    mu_pris_param: new Array(36).fill(1),
    cov_pris_param: Array.from({ length: 36 }, (_, i) => new Array(36).fill(0).map((_, j) => Number(i === j))),
    source: "a test",
  };
  await Deno.writeTextFile(join(folder, "niqe_pris_params.json"), JSON.stringify(model));
}

Deno.test("evaluate takes one image: its value is the mean, and nothing bounds it", () =>
  inFolder(async (folder) => {
    await writeModel(folder);
    await Deno.mkdir(join(folder, "sr"));
    await picture(1, 96, 100, 30).png().toFile(join(folder, "sr/one.png"));
    const { code, out } = await evaluate(folder, "--sr", "sr", "--metrics", "niqe", "--weights", ".");
    assertEquals(code, 0);
    assert(out.includes("Parameters of NIQE: a test"));
    const { folders: [only], agreement, comparisons } = await result(folder);
    const { mean, low, high, count } = only.summary.niqe;
    assertEquals([mean, low, high, count], [only.perImage.niqe[0], null, null, 1]);
    assertEquals([agreement, comparisons], [[], []]);
  }));

for (
  const [what, make, reason] of [
    ["a constant image", () => sharp({ create: { width: 96, height: 96, channels: 3, background: "#808080" } }), "NaN"],
    ["95 pixels", () => picture(1, 95, 120, 9), "at least 96 px: current size is 95 x 120"],
  ] as const
) {
  Deno.test(`evaluate says why ${what} has no NIQE, and ends with 65`, () =>
    inFolder(async (folder) => {
      await writeModel(folder);
      for (const name of ["sr", "hr"]) {
        await Deno.mkdir(join(folder, name));
        await make().png().toFile(join(folder, name, "one.png"));
      }
      const args = ["--sr", "sr", "--hr", "hr", "--metrics", "psnrDb,niqe", "--weights", "."];
      for (const run of ["measured", "known"]) {
        assertEquals((await evaluate(folder, ...args)).code, 65, run);
        const { faults, folders: [only] } = await result(folder);
        assertEquals([only.perImage.psnrDb, only.perImage.niqe, only.summary.niqe.count], [[80], [null], 0]);
        assertEquals([faults.length, faults[0].metric], [1, "niqe"]);
        assert(faults[0].reason.includes(reason), faults[0].reason);
        const kept = (await Deno.readTextFile(join(folder, "evaluation/measured.jsonl"))).trim().split("\n");
        assertEquals(kept.map((line) => JSON.parse(line)[1]), [80], "a reason is found again, not kept");
      }
    }));
}
