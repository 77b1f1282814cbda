import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DataError, readBytes, readJson } from "../../lib/core/mod.ts";
import {
  centredBox,
  centredPair,
  degradeFile,
  type DegradeJob,
  planPatch,
  proceduralImage,
  readRecord,
  renderTruth,
} from "../../lib/dataset/mod.ts";
import { readImage, toBytes, writePng } from "../../lib/image/mod.ts";
import { inFolder } from "../core/folder.ts";

const settings = {
  preset: "soft-wide",
  seed: 3,
  gtUsm: true,
  size: null,
  crop: "random",
  small: "largest",
  resize: null,
} as const;

function job(folder: string, more: Partial<DegradeJob> = {}): DegradeJob {
  const path = join(folder, "a.png");
  return {
    id: "in/a.png",
    path,
    names: ["a"],
    out: join(folder, "out"),
    settings,
    strip: false,
    replay: null,
    ...more,
  };
}

async function pictures(folder: string, count = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    const image = proceduralImage(8, i, { width: 50 + 4 * i, height: 45 });
    await writePng(join(folder, `${"abcdef"[i]}.png`), image);
  }
}

Deno.test("degradeFile() keeps what is done, and replays a recipe bit for bit", () =>
  inFolder(async (folder) => {
    await pictures(folder);
    const [first] = await degradeFile(job(folder, { strip: true }));
    assertEquals(first.state, "made");
    assertEquals(first.record!.pair.crop, { left: 0, top: 0, width: 48, height: 44 });
    const [again] = await degradeFile(job(folder));
    assertEquals([again.state, again.record], ["kept", first.record]);
    const out = join(folder, "replayed"), replay = [await readRecord(join(folder, "out", "recipes", "a.json"))];
    const [replayed] = await degradeFile(job(folder, { out, replay, settings: { ...settings, seed: 99 } }));
    assertEquals(replayed.record!.sha256, first.record!.sha256);
    const lr = await readBytes(join(folder, "out", "lr", "a.png"));
    assertEquals(await readBytes(join(out, "lr", "a.png")), lr);
    const other = await degradeFile(job(folder, { settings: { ...settings, seed: 4 } }));
    assert(other[0].state === "made" && other[0].record!.sha256.lr !== first.record!.sha256.lr);
    const strip = (await readImage(join(folder, "out", "strips", "a.png"))).image;
    assert(strip.width > 8 * 48, "a view for each stage");
  }));

Deno.test("degradeFile() makes a damaged result again, and refuses a recipe of another image", () =>
  inFolder(async (folder) => {
    await pictures(folder, 2);
    const [first] = await degradeFile(job(folder));
    await Deno.writeTextFile(join(folder, "out", "lr", "a.png"), "damaged");
    const [again] = await degradeFile(job(folder));
    assertEquals([again.state, again.record], ["made", first.record]);
    const replay = [again.record!], path = join(folder, "b.png");
    await assertRejects(() => degradeFile(job(folder, { path, replay, out: join(folder, "x") })), DataError, "same");
  }));

Deno.test("planPatch() has a policy for images smaller than a patch", () => {
  const image = { id: "a", hash: "0123456789abcdef", width: 90, height: 61 };
  const plan = (small: "largest" | "skip" | "refuse", size = 64) =>
    planPatch(image, 0, { ...settings, preset: "hard", small, size });
  assertEquals(plan("largest")!.crop, { left: 12, top: 0, width: 64, height: 60 });
  assertEquals(plan("skip"), null);
  assertEquals(plan("refuse", 60)!.crop.width, 60);
  let message = "";
  try {
    plan("refuse");
  } catch (error) {
    message = (error as Error).message;
  }
  assert(message.includes("64 x 64: current value is 90 x 61"), message);
});

Deno.test("planPatch() refuses what a recipe could shrink to nothing, and 16 pixels outlast every preset", async () => {
  const image = (side: number) => ({ id: "a", hash: "0123456789abcdef", width: 90, height: side });
  for (const [preset, least] of [["hard", 16], ["soft", 16], ["soft-wide", 16], ["mild", 4], ["none", 4]] as const) {
    const refused = (side: number, size: number | null) =>
      assertThrows(
        () => planPatch(image(side), 0, { ...settings, preset, size }),
        DataError,
        `at least ${least}: current value is ${Math.min(side, size ?? side)}`,
      );
    refused(least - 1, null);
    if (least > 4) refused(90, least - 4);
    const picture = proceduralImage(8, 0, { width: 20, height: least });
    for (let number = 0; number < 40; number++) {
      const pair = planPatch({ ...image(least), width: 20 }, number, { ...settings, preset })!;
      assertEquals((await renderTruth(picture, pair)).lr.height, least / 4);
    }
  }
});

Deno.test("centredBox() and centredPair() stay aligned to multiples of 4", () => {
  assertEquals(centredBox({ width: 1400, height: 1000 }, 1024), { left: 188, top: 0, width: 1024, height: 1000 });
  const { lr, hr } = centredPair({ width: 351, height: 257 }, 256);
  assertEquals(lr, { left: 47, top: 0, width: 256, height: 256 });
  assertEquals(hr, { left: 188, top: 0, width: 1024, height: 1024 });
});

Deno.test("renderTruth() is what the files hold", () =>
  inFolder(async (folder) => {
    await pictures(folder);
    const [{ record }] = await degradeFile(job(folder));
    const { lr, hr } = await renderTruth((await readImage(join(folder, "a.png"))).image, record!.pair);
    const stored = async (kind: string) => toBytes((await readImage(join(folder, "out", kind, "a.png"))).image);
    assertEquals(await stored("lr"), toBytes(lr));
    assertEquals(await stored("hr"), toBytes(hr));
  }));

Deno.test("`deno task degrade` gives the same bytes by 1 and by 4 workers, and leaves a bad file out", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos");
    await pictures(photos, 5);
    await Deno.writeTextFile(join(photos, "c.png"), "no image");
    const run = async (workers: number): Promise<Map<string, string>> => {
      const out = join(folder, `out${workers}`);
      const args = ["task", "-q", "degrade", photos, "--out", out, "--workers", String(workers), "--strips", "1"];
      const { code, stderr, stdout } = await new Deno.Command(Deno.execPath(), {
        args: [...args, "--size", "24", "--patches", "7"],
        cwd: join(import.meta.dirname!, "../.."),
      }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assertEquals(code, 65, text);
      assert(text.includes("left out: Cannot read") && text.includes("6 made, 0 kept"), text);
      const [entry] = await readJson(join(out, "quarantine.json")) as { file: string }[];
      assert(entry.file.endsWith("c.png"));
      return await contents(out);
    };
    const one = await run(1);
    assertEquals([...one.keys()].filter((name) => name.startsWith("lr/")).length, 6);
    assertEquals(await run(4), one);
  }));

Deno.test("`deno task degrade` refuses a folder that holds results of other settings, and leaves them alone", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos"), out = join(folder, "out");
    await pictures(photos, 1);
    const run = async (preset: string) => {
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "-q", "degrade", photos, "--out", out, "--preset", preset],
        cwd: join(import.meta.dirname!, "../.."),
      }).output();
      return { code, text: new TextDecoder().decode(stderr) };
    };
    assertEquals((await run("mild")).code, 0);
    const before = await contents(out);
    const { code, text } = await run("hard");
    assertEquals(code, 64, text);
    assert(text.includes('preset "mild": current value is "hard"'), text);
    assertEquals(await contents(out), before);
    assertEquals((await run("mild")).code, 0);
  }));

Deno.test("`deno task degrade` says which results in its folder are of an earlier run", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos", "inside"), out = join(folder, "out");
    await pictures(photos, 2);
    const run = async (patches: number) => {
      const args = ["task", "-q", "degrade", join(folder, "photos"), "--out", out, "--size", "24", "--strips", "0"];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args, "--preset", "mild", "--patches", String(patches)],
        cwd: join(import.meta.dirname!, "../.."),
      }).output();
      assertEquals(code, 0);
      return new TextDecoder().decode(stderr);
    };
    assert(!(await run(4)).includes("also holds"));
    const text = await run(3);
    assert(text.includes("also holds 1 results that are not of this run, such as inside/b_001: remove them"), text);
    const { patches } = await readJson(join(out, "manifest.json")) as { patches: unknown[] };
    assertEquals(patches.length, 3);
  }));

/** Every file of a folder in hexadecimal, by its path inside. */
async function contents(root: string, inside = ""): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(join(root, inside))) {
    const path = inside === "" ? name : `${inside}/${name}`;
    if (isDirectory) { for (const [key, value] of await contents(root, path)) found.set(key, value); }
    else found.set(path, (await Deno.readFile(join(root, path))).toHex());
  }
  return new Map([...found].sort());
}
