import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, UsageError } from "asasr/core/mod.ts";
import { openStudy } from "asasr/experiment/mod.ts";
import { readStudy } from "asasr/metrics/mod.ts";
import { inStudyFolder, methods, studyOptions } from "./study_folders.ts";

Deno.test("openStudy() blinds methods anew for every person and image", () =>
  inStudyFolder(6, async (folder) => {
    using study = await openStudy(studyOptions(folder));
    const ids = new Set<string>(), orders = new Set<string>();
    for (const person of ["ann", "bo", "cy"]) {
      for (let place = 0; place < study.total; place++) {
        const { low, candidates, ranks } = study.group(person, place);
        assertEquals([candidates.length, ranks], [3, null]);
        for (const id of [low, ...candidates]) ids.add(id);
        orders.add(candidates.map((id) => methods.findIndex((name) => study.file(id)!.includes(name))).join());
      }
    }
    assertEquals(ids.size, 3 * 6 * 4, "no id stands for two things");
    assert(orders.size >= 4, `${orders.size} orders of 6 in 18 groups`);
    const images = (person: string) => [0, 1, 2, 3, 4, 5].map((place) => study.file(study.group(person, place).low));
    assertEquals(new Set(images("ann")).size, 6);
    assert(images("ann").join() !== images("bo").join());
    assertEquals(study.file("0".repeat(32)), undefined);
  }));

Deno.test("openStudy() goes on with the same ids, and refuses other images", () =>
  inStudyFolder(3, async (folder) => {
    const options = studyOptions(folder);
    const group = async () => {
      using study = await openStudy(options);
      return { ...study.group("ann", 1), done: study.done("ann") };
    };
    const before = await group();
    assertEquals(await group(), before);
    {
      using study = await openStudy(options);
      await study.rank("ann", 1, [2, 2, 1]);
    }
    assertEquals(await group(), { ...before, ranks: [2, 2, 1], done: [false, true, false] });
    await Deno.copyFile(join(folder, methods[0], "image-0.png"), join(folder, methods[1], "image-0.png"));
    await assertRejects(() => openStudy(options), UsageError, "take another --out");
  }));

Deno.test("rank() keeps ties as shared ranks, and a later ranking counts instead", () =>
  inStudyFolder(2, async (folder) => {
    using study = await openStudy(studyOptions(folder));
    const { candidates } = study.group("ann", 0);
    const nameOf = (id: string) => methods.find((name) => study.file(id)!.includes(name))!;
    assertEquals(Object.values((await study.rank("ann", 0, [1, 3, 1])).ranks), [1, 3, 1]);
    assertEquals(Object.values((await study.rank("ann", 0, [3, 2, 2])).ranks), [3, 1, 1]);
    await Promise.all(["bo", "cy", "di"].map((person) => study.rank(person, 0, [1, 2, 3])));
    const lines = (await Deno.readTextFile(study.rankingsPath)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).person), ["ann", "ann", "bo", "cy", "di"]);
    const read = await readStudy(study.rankingsPath);
    assertEquals(read.methods, methods.toSorted());
    assertEquals(read.ranks[0], read.methods.map((name) => name === nameOf(candidates[0]) ? 3 : 1));
    assertEquals([read.people, read.images.length], [[0, 1, 2, 3], 4]);
  }));

Deno.test("openStudy() cuts off half a line, and refuses a wrong one", () =>
  inStudyFolder(2, async (folder) => {
    const options = studyOptions(folder), path = join(options.out, "rankings.jsonl");
    {
      using study = await openStudy(options);
      await study.rank("ann", 0, [1, 2, 3]);
    }
    const whole = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, whole + whole.slice(0, 40));
    {
      using study = await openStudy(options);
      assertEquals(study.done("ann"), [true, false]);
      await study.rank("ann", 1, [1, 2, 3]);
    }
    assertEquals((await Deno.readTextFile(path)).split("\n").map((line) => line.length > 60), [true, true, false]);
    await Deno.writeTextFile(path, `${whole}{"person":"ann"}\n`);
    await assertRejects(() => openStudy(options), DataError, "line 2 of");
    await Deno.writeTextFile(path, whole + whole.replace("Dark-secret", "Other"));
    await assertRejects(() => openStudy(options), DataError, "all lines must rank");
  }));

Deno.test("openStudy() refuses what would give a method away or lies elsewhere", () =>
  inStudyFolder(2, async (folder) => {
    const options = studyOptions(folder), [first, second] = methods.map((name) => join(folder, name, "image-1.png"));
    const twice = [options.methods[0], options.methods[0]];
    await assertRejects(() => openStudy({ ...options, methods: twice }), UsageError, "of different names");
    await assertRejects(() => openStudy({ ...options, count: 3 }), DataError, "current value is 2");
    await Deno.copyFile(join(folder, "lr", "image-1.png"), second);
    await assertRejects(() => openStudy(options), DataError, "96 x 96");
    await Deno.remove(second);
    await assertRejects(() => openStudy(options), DataError, "every folder must have it");
    await Deno.symlink(first, second);
    await assertRejects(() => openStudy(options), UsageError, "must lie in");
  }));

Deno.test("openStudy() draws the same images for the same seed", () =>
  inStudyFolder(6, async (folder) => {
    const drawn = async (seed: number, out: string) => {
      using study = await openStudy({ ...studyOptions(folder), count: 3, seed, out: join(folder, out) });
      return [0, 1, 2].map((place) => study.file(study.group("ann", place).low)!).sort();
    };
    assertEquals(await drawn(1, "a"), await drawn(1, "b"));
    assert((await drawn(1, "c")).join() !== (await drawn(2, "d")).join());
  }));

Deno.test("openStudy() takes every spelling of a name for one person", () =>
  inStudyFolder(2, async (folder) => {
    const options = studyOptions(folder), spellings = ["Zoë Groß", "zoe\u0308 GROSS ", "ＺＯË groß"];
    {
      using study = await openStudy(options);
      const [first, ...others] = spellings.map((name) => ({ ...study.group(name, 0), token: study.token(name) }));
      assertEquals(others, [first, first]);
      assert(study.token("Zoe Gross") !== first.token);
      await study.rank(spellings[0], 0, [1, 2, 3]);
      await study.rank(spellings[1], 0, [3, 2, 1]);
      assertEquals([study.done(spellings[2]), study.group(spellings[2], 0).ranks], [[true, false], [3, 2, 1]]);
    }
    using study = await openStudy(options); // the same from the file, which keeps names as they were written
    assertEquals(study.group(spellings[2], 0).ranks, [3, 2, 1]);
    await study.rank(spellings[2], 1, [1, 1, 3]);
    const lines = (await Deno.readTextFile(study.rankingsPath)).trimEnd().split("\n");
    assertEquals(lines.map((line) => JSON.parse(line).person), spellings);
    assertEquals((await readStudy(study.rankingsPath)).people, [0, 0]);
  }));
