import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { readJson, writeCompactJson } from "../../lib/core/mod.ts";
import { inFolder } from "./folder.ts";

Deno.test("writeCompactJson() puts lists of plain values on one line, keys sorted, and loses nothing", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.json");
    const value = { b: [1, 2.5, null], a: { text: 'a [b] "c"', none: [], rows: [[1], ["x", true]], empty: {} } };
    await writeCompactJson(path, { ...value, left: undefined });
    assertEquals(await readJson(path), value);
    const lines = (await Deno.readTextFile(path)).split("\n");
    assertEquals(lines.filter((line) => line.includes("[1,2.5,null]")), [' "b": [1,2.5,null]']);
    assertEquals(lines[1], ' "a": {');
    await assertRejects(() => writeCompactJson(path, { x: NaN }), TypeError, "value.x");
  }));
