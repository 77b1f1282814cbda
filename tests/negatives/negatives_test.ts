import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, readJson } from "../../lib/core/mod.ts";
import { proceduralImage } from "../../lib/dataset/mod.ts";
import { writePng } from "../../lib/image/mod.ts";
import { checkOutputs, publishedSystems } from "../../lib/restorers/mod.ts";
import { choosePairs } from "../../lib/cli/negatives/choose.ts";
import { inFolder } from "../core/folder.ts";

const picture = (index: number, side: number) => proceduralImage(3, index, { width: side, height: side });

async function pairs(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await writePng(join(folder, "hr", `${i}.png`), picture(i, 32));
    await writePng(join(folder, "lr", `${i}.png`), picture(i, 8));
  }
}

Deno.test("publishedSystems has every system that the paper compares", () => {
  assertEquals(Object.keys(publishedSystems).length, 11);
  for (const { needs, repository } of Object.values(publishedSystems)) {
    assert(needs.length > 10 && /^[\w-]+\/[\w.-]+$/.test(repository));
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

Deno.test("`deno task negatives` makes, keeps and lists negatives of restorers and folders", () =>
  inFolder(async (folder) => {
    const data = join(folder, "data"), out = join(folder, "out"), outputs = join(folder, "seesr");
    await pairs(data, 2);
    await writePng(join(outputs, "0.png"), picture(0, 32));
    await writePng(join(outputs, "1.png"), picture(1, 32));
    const run = async () => {
      const args = [data, "--out", out, "--share", "100", "--restorers", "bicubic", "--outputs", `seesr=${outputs}`];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "-q", "negatives", ...args, "--engine", "wasm"],
        cwd: join(import.meta.dirname!, "../.."),
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      return await readJson(join(out, "negatives.json")) as { negatives: { restorer: string; file: string }[] };
    };
    const { negatives } = await run();
    assertEquals(negatives.map(({ restorer }) => restorer), ["bicubic", "bicubic", "seesr", "seesr"]);
    const file = join(out, negatives[0].file), written = (await Deno.stat(file)).mtime;
    assertEquals((await run()).negatives, negatives);
    assertEquals((await Deno.stat(file)).mtime, written);
  }));
