import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { experiments } from "../../experiments/mod.ts";
import { contentHash, DataError, readJson, writeJson } from "../../lib/core/mod.ts";
import { type CellFolders, readCells, type ResultCell, type Results } from "../../lib/experiment/mod.ts";
import { roundFractions } from "../../lib/experiment/cells/cell.ts";
import { findCells, keepCell } from "../../lib/experiment/cells/store.ts";
import { inFolder } from "../core/folder.ts";
import { runToEnd, tinyExperiment } from "./tiny.ts";

const arms = ["sobolev-asdpo", "sobolev-sft"];

/** Runs Table 3, or arms of another experiment, in a fresh folder of runs. */
async function runWith(folder: string, cells: CellFolders, config = experiments.table3, some = arms) {
  const root = await Deno.makeTempDir({ dir: folder });
  const { results } = await runToEnd(root, tinyExperiment(some, {}, config), { cells });
  const stages = await Array.fromAsync(Deno.readDir(join(root, "stages"))).catch(() => []);
  return { results, stages: stages.map(({ name }) => name.replace(/-[0-9a-f]{16}$/, "")).sort() };
}

/** What a run says, but for pictures and what it took up. */
function said({ strips: _strips, notes: _notes, ...rest }: Results): unknown {
  return { ...rest, environment: null };
}

const cellFiles = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

Deno.test("runExperiment() takes finished cells up, trains nothing, and ends with the same results", () =>
  inFolder(async (folder) => {
    const keep = join(folder, "cells"), read = [join(folder, "none"), keep];
    const first = await runWith(folder, { read, keep });
    const names = cellFiles(keep);
    assertEquals(names.map((name) => name.replace(/[0-9a-f]{8}\.json$/, "")), [
      ...["controls", "sobolev-asdpo", "sobolev-sft"].flatMap((id) => [`${id}-0-`, `${id}-1-`]),
    ]);
    const again = await runWith(folder, { read });
    assertEquals(again.stages, []);
    assertEquals(said(again.results), said(first.results));
    assertEquals([first, again].map(({ results }) => results.strips.length), [2, 0]);
    assertEquals([first, again].map(({ results }) => results.notes.some((note) => note.includes("No images"))), [
      false,
      true,
    ]);
    // Another experiment finds the same arm under its own name.
    const fig7 = await runWith(folder, { read }, experiments.fig7, ["s1.5"]);
    assertEquals(fig7.stages, []);
    const values = (results: Results, id: string) => results.points.find((point) => point.id === id)!.perSeed;
    assertEquals(values(fig7.results, "s1.5"), values(first.results, "sobolev-asdpo"));
    // What is missing is computed, on the same reference; the rest is taken up.
    const [name] = names.filter((each) => each.startsWith("sobolev-sft-1"));
    await Deno.remove(join(keep, name));
    const mended = await runWith(folder, { read, keep });
    assertEquals(mended.stages, ["arm", "evaluation", "sft"]);
    assertEquals([said(mended.results), cellFiles(keep)], [said(first.results), names]);
  }));

Deno.test("runExperiment() compares no arms of different references, and says where cells come from", () =>
  inFolder(async (folder) => {
    const keep = join(folder, "cells"), read = [keep];
    const first = await runWith(folder, { read, keep });
    const change = async (pattern: string, changed: Partial<ResultCell>) => {
      for (const name of cellFiles(keep).filter((each) => each.startsWith(pattern))) {
        const cell = await readJson(join(keep, name)) as ResultCell;
        await writeJson(join(keep, name), { ...cell, ...changed });
      }
    };
    // One arm of a seed from another reference: it is computed again.
    await change("sobolev-sft-1", { reference: "f".repeat(64) });
    const mended = await runWith(folder, { read });
    assertEquals(mended.stages, ["arm", "evaluation", "sft"]);
    assertEquals(said(mended.results), said(first.results));
    // All of a seed from another machine: taken up, and shown.
    for (const cell of await readCells(keep)) {
      if (cell.seed !== 1) continue;
      const environment = { ...cell.environment, platform: "linux-aarch64", commit: "abc" };
      await Deno.remove(join(keep, `${cell.arm}-1-${cell.key.slice(0, 8)}.json`));
      await keepCell(keep, { ...cell, reference: "e".repeat(64), environment });
    }
    const foreign = await runWith(folder, { read });
    assertEquals(foreign.stages, []);
    const notes = foreign.results.notes.filter((note) => note.includes("linux-aarch64"));
    assertEquals(notes.length, 1);
    assert(notes[0].includes("controls, seed 1") && !notes[0].includes("seed 0"), notes[0]);
    // Another seed of the data is another cell.
    const other = tinyExperiment(arms, {}, experiments.table3);
    const settings = { ...other.settings, data: { ...other.settings.data, seed: 1 }, seeds: [0] };
    const root = join(folder, "other");
    await runToEnd(root, { ...other, settings }, { cells: { read } });
    assert(Array.from(Deno.readDirSync(join(root, "stages"))).length > 0);
  }));

Deno.test("keepCell() and findCells() give a cell back; a damaged file is named", () =>
  inFolder(async (folder) => {
    const inputs = { steps: [2, 4], text: "a [b] {c}" }, key = contentHash(inputs);
    const cell: ResultCell = {
      format: 1,
      key,
      inputs,
      arm: "sft",
      seed: 3,
      reference: "r",
      checkpoints: {},
      stages: {},
      environment: { engine: "cpu", engineVersion: "2", threads: 2, deno: "2", platform: "p", commit: "c" },
      points: [{ id: "arm", evaluations: 28, perImage: { psnrDb: [1, 2.5] }, values: { psnrDb: 1.75 }, spectrum: [] }],
      curves: [],
    };
    const path = await keepCell(folder, cell);
    assert(path.endsWith(`sft-3-${key.slice(0, 8)}.json`), path);
    assertEquals(await findCells([folder], key), [cell]);
    assertEquals(await findCells([folder], key.slice(0, 8) + "0".repeat(56)), []); // the name holds the first digits alone
    assert((await Deno.readTextFile(path)).includes('"psnrDb": [1,2.5]'));
    // Another machine's cell of the same key stands beside it; the same machine's replaces it.
    const other = { ...cell, reference: "5".repeat(64) };
    const beside = await keepCell(folder, other);
    assert(beside.endsWith(`sft-3-${key.slice(0, 8)}-of-55555555.json`), beside);
    assertEquals(await findCells([folder], key), [other, cell]);
    assertEquals(await keepCell(folder, cell), path);
    await Deno.remove(beside);
    await writeJson(path, { ...cell, format: 0 });
    await assertRejects(() => findCells([folder], key), DataError, "format 1: current value is 0");
    // Inputs that were changed by hand, or a key that was: the numbers are not what the key stands for.
    await writeJson(path, { ...cell, inputs: { ...inputs, steps: [2, 8] } });
    await assertRejects(() => findCells([folder], key), DataError, "must be the hash of its inputs");
  }));

Deno.test("roundFractions() keeps 6 significant digits of fractions, and whole numbers", () => {
  assertEquals(roundFractions({ a: [1.23456789, 12345678, -0.000123456789], b: "1.23456789", c: null }), {
    a: [1.23457, 12345678, -0.000123457],
    b: "1.23456789",
    c: null,
  });
});
