import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { cropNegatives, readNegatives } from "../../lib/adversary/mod.ts";
import { DataError, InputOutputError, readBytes, sha256Hex, UsageError } from "../../lib/core/mod.ts";
import { proceduralImage } from "../../lib/dataset/mod.ts";
import { readImage, writePng } from "../../lib/image/mod.ts";
import { checkOutputs, publishedSystems } from "../../lib/restorers/mod.ts";
import { choosePairs } from "../../lib/cli/negatives/choose.ts";
import { soundPairs } from "../../lib/cli/negatives/pairs.ts";
import { openMaker } from "../../lib/cli/negatives/restorers.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { start } from "../cli/process.ts";
import { inFolder } from "../core/folder.ts";
import { close, sharedTest } from "../support.ts";

const picture = (index: number, side: number) => proceduralImage(3, index, { width: side, height: side });

async function pairs(folder: string, count: number, side = 32): Promise<void> {
  for (let i = 0; i < count; i++) {
    await writePng(join(folder, "hr", `${i}.png`), picture(i, side));
    await writePng(join(folder, "lr", `${i}.png`), picture(i, side / 4));
  }
}

Deno.test("publishedSystems has every system that the paper compares", () => {
  assertEquals(Object.keys(publishedSystems).length, 11);
  for (const { needs, repository, command, checked } of Object.values(publishedSystems)) {
    assert(needs.length > 10 && checked.length > 5 && /^[\w-]+\/[\w.-]+$/.test(repository));
    assert(/^(python3?|bash) /.test(command), command);
  }
});

Deno.test("checkOutputs() finds outputs with the system's suffix, and what is missing or wrong", () =>
  inFolder(async (folder) => {
    await writePng(join(folder, "a_out.png"), picture(0, 32));
    await writePng(join(folder, "b.png"), picture(1, 30));
    await Deno.writeTextFile(join(folder, "c.png"), "no image");
    const inputs = ["a", "b", "c", "d"].map((name) => ({ name, width: 8, height: 8 }));
    const { files, missing, faults } = await checkOutputs(folder, inputs, publishedSystems["real-esrgan"].suffixes);
    assertEquals([...files], [["a", join(folder, "a_out.png")]]);
    assertEquals(missing, ["d"]);
    assertEquals(faults.length, 2);
    assert(faults[0].includes("32 x 32: current value is 30 x 30"), faults[0]);
    await writePng(join(folder, "again", "b.png"), picture(1, 32));
    await assertRejects(() => checkOutputs(folder, inputs), DataError, "one file");
  }));

Deno.test("choosePairs() takes the share of every set, by seed", () =>
  inFolder(async (folder) => {
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    await pairs(one, 8);
    await pairs(two, 4);
    const chosen = await choosePairs([one, two], 0.25, 0);
    assertEquals(chosen.map(({ id }) => id.slice(0, 8)), ["one/all/", "one/all/", "two/all/"]);
    assertEquals(await choosePairs([one, two], 0.25, 0), chosen);
    const others = await Promise.all([1, 2, 3, 4].map((seed) => choosePairs([one, two], 0.25, seed)));
    assert(others.some((other) => other[0].id !== chosen[0].id));
  }));

const script = "lib/cli/negatives.ts";

async function negatives(...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await start(script, [...args, "--engine", "wasm"]).outcome;
  return { code, text: `${stdout}${stderr.join("\n")}` };
}

Deno.test("`deno task negatives` makes, keeps and lists negatives of restorers and folders", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data"), out = join(folder, "out"), outputs = join(folder, "seesr");
    await pairs(data, 2);
    await writePng(join(outputs, "0.png"), picture(0, 32));
    await writePng(join(outputs, "sample00", "1.png"), picture(1, 32));
    const run = async () => {
      const args = [data, "--out", out, "--share", "100", "--restorers", "bicubic", "--outputs", `seesr=${outputs}`];
      const { code, text } = await negatives(...args);
      assertEquals(code, 0, text);
      return await readNegatives(out);
    };
    const file = await run();
    assertEquals(file.negatives.map(({ restorer }) => restorer), ["bicubic", "bicubic", "seesr", "seesr"]);
    assertEquals(
      file.pairs.map(({ hr, lr }) => [hr, lr]),
      [0, 1].map((i) => [`../data/hr/${i}.png`, `../data/lr/${i}.png`]),
    );
    const first = join(out, file.negatives[0].file), written = (await Deno.stat(first)).mtime;
    assertEquals(await run(), file);
    assertEquals((await Deno.stat(first)).mtime, written);
    const { pairs: crops, sets } = await cropNegatives(out, file, { size: 16, count: 4, seed: 0 });
    assertEquals([crops.count, sets.map(({ images }) => images.length)], [4, [4, 4]]);
  }));

Deno.test("`deno task negatives` keeps restorers of an earlier run on its list, and refuses to mix pairs", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data"), out = join(folder, "out"), outputs = join(folder, "seesr");
    await pairs(data, 2);
    await writePng(join(outputs, "0.png"), picture(0, 32));
    await writePng(join(outputs, "1.png"), picture(1, 32));
    const run = (...args: string[]) => negatives(data, "--out", out, "--share", "100", ...args);
    const restorers = async () => (await readNegatives(out)).negatives.map(({ restorer }) => restorer);
    for (const args of [["--restorers", "bicubic"], ["--outputs", `seesr=${outputs}`]]) {
      const { code, text } = await run(...args);
      assertEquals(code, 0, text);
    }
    assertEquals(await restorers(), ["bicubic", "bicubic", "seesr", "seesr"]);
    const before = await readNegatives(out);
    const mixed = await run("--restorers", "bicubic", "--share", "50");
    assertEquals(mixed.code, 64);
    assert(mixed.text.includes("holds negatives of other pairs by seesr: current value is bicubic alone"), mixed.text);
    assertEquals(await readNegatives(out), before);
    for (
      const [value, reason] of [["bicubic", "is run by --restorers bicubic"], [
        "a=b=c",
        "no such file or folder",
      ]] as const
    ) {
      const unused = join(folder, "unused"), text = value.includes("=") ? value : `${value}=${outputs}`;
      const refused = await negatives(data, "--out", unused, "--outputs", text);
      assert(refused.code !== 0 && refused.text.includes(reason), refused.text);
      assertEquals(await Deno.stat(unused).catch(() => null), null);
    }
  }));

Deno.test("`deno task negatives` killed in the middle goes on to the bytes of an uninterrupted run", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data"), [killed, whole] = ["killed", "whole"].map((name) => join(folder, name));
    await pairs(data, 30, 128);
    const args = (out: string) => [data, "--out", out, "--share", "100", "--restorers", "bicubic"];
    const running = start(script, [...args(killed), "--engine", "wasm"]);
    let over = false;
    running.outcome.then(() => over = true);
    const made = () => Array.from(Deno.readDirSync(join(killed, "records", "bicubic"))).length;
    while (!over && await Deno.stat(join(killed, "records", "bicubic")).then(() => made() < 2, () => true)) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    running.signal("SIGKILL");
    await running.outcome;
    const kept = made();
    assert(kept >= 2 && kept < 30, `${kept} records`);
    await assertRejects(() => readNegatives(killed), InputOutputError, "negatives.json");
    for (const out of [killed, whole]) assertEquals((await negatives(...args(out))).code, 0);
    assertEquals(await readNegatives(killed), await readNegatives(whole));
    for (const { file } of (await readNegatives(whole)).negatives) {
      assertEquals(await readBytes(join(killed, file)), await readBytes(join(whole, file)));
    }
  }));

Deno.test("`deno task negatives` leaves a damaged pair out, and pairs outputs of sets with equal names by --export's", () =>
  inFolder(async (folder) => {
    const [one, two] = [join(folder, "one"), join(folder, "two")], exported = join(folder, "inputs");
    await pairs(one, 3);
    await pairs(two, 2);
    await Deno.writeTextFile(join(one, "lr", "1.png"), "no image");
    const { code, text } = await negatives(one, two, "--share", "100", "--export", exported);
    assertEquals(code, 65, text);
    assert(text.includes("left out: Cannot read") && text.includes("4 low-resolution images"), text);
    const names = Array.from(Deno.readDirSync(exported), ({ name }) => name).sort();
    assertEquals(names, ["one_all_0.png", "one_all_2.png", "two_all_0.png", "two_all_1.png"]);
    const outputs = join(folder, "outputs"), out = join(folder, "out");
    for (const [i, name] of names.entries()) await writePng(join(outputs, name), picture(10 + i, 32));
    await writePng(join(outputs, "0.png"), picture(0, 32)); // of which set, nobody can say
    await negatives(one, two, "--share", "100", "--out", out, "--outputs", `supir=${outputs}`);
    const file = await readNegatives(out);
    assertEquals(file.negatives.map(({ pair }) => pair), ["one/all/0", "one/all/2", "two/all/0", "two/all/1"]);
    for (const { pair, file: made } of file.negatives) {
      const { image } = await readImage(join(out, made));
      const given = await readImage(join(outputs, `${pair.replaceAll("/", "_")}.png`));
      assertEquals(image, given.image);
    }
  }));

Deno.test("soundPairs() tells the photograph of a truth by the recipe of `deno task degrade`", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos"), out = join(folder, "pairs"), { signal } = new AbortController();
    for (const i of [0, 1]) await writePng(join(photos, "inside", `${i}.png`), picture(i, 40));
    const made = await start("lib/cli/degrade.ts", [photos, "--out", out, "--workers", "1", "--strips", "0"]).outcome;
    assertEquals(made.code, 0, made.stderr.join("\n"));
    const photograph = sha256Hex(await readBytes(join(photos, "inside", "0.png"))), problems: string[] = [];
    const [first] = await soundPairs(await choosePairs([out], 1, 0), problems, signal);
    assert(first.source === photograph && first.sha256.hr !== photograph && problems.length === 0);
    const set = join(folder, "set");
    await pairs(set, 1);
    const [other] = await soundPairs(await choosePairs([set], 1, 0), problems, signal);
    assertEquals(other.source, other.sha256.hr);
    await writePng(join(out, "hr", "inside", "0.png"), picture(5, 40));
    await Deno.remove(join(out, "recipes", "inside", "1.json"));
    await assertRejects(
      () => choosePairs([out], 1, 0).then((chosen) => soundPairs(chosen, problems, signal)),
      DataError,
    );
    assert(
      problems[0].includes("as its truth must be as") && problems[1].includes("the path must exist"),
      problems.join(),
    );
  }));

sharedTest(
  "openMaker() blends the two Real-ESRGAN networks by the denoise strength, and refuses images that are too small",
  "weights",
  async (weights) => {
    await startEngine({ engine: "auto", threads: 2, install: false });
    const lr = picture(0, 16), { signal } = new AbortController();
    const pair = { id: "a", name: "a", lr: "" };
    const outputOf = async (name: string) => {
      using maker = await openMaker(name, weights);
      return { hash: maker.hash, data: (await maker.make(pair, lr, signal))!.data };
    };
    const [strong, weak] = [await outputOf("realesrgan-general"), await outputOf("realesrgan-general-wdn")];
    const [one, half, none] = [1, 0.5, 0].map((strength) => outputOf(`realesrgan-general@${strength}`));
    close((await one).data, strong.data, 1e-6);
    close((await none).data, weak.data, 1e-6);
    const { data, hash } = await half;
    assert(new Set([hash, strong.hash, weak.hash]).size === 3);
    assert([strong, weak].every((other) => data.some((value, i) => Math.abs(value - other.data[i]) > 1e-3)));
    using small = await openMaker("efdn", weights);
    await assertRejects(
      () => small.make({ ...pair, lr: "a.png" }, picture(0, 14), signal),
      DataError,
      "Cannot run efdn on a.png as its sides must be at least 15: current value is 14",
    );
    assertEquals((await small.make(pair, picture(0, 15), signal))!.width, 60);
    await assertRejects(() => openMaker("realesrgan-general@2", weights), UsageError, "realesrgan-general@2");
  },
);
