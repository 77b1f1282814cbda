import { assert, assertEquals } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, type Notebook, NOTEBOOKS, problemsOf, sourceOf } from "../../lib/cli/notebooks/mod.ts";

const LONGEST = 15;

const names = readdirSync(NOTEBOOKS).filter((name) => name.endsWith(".ipynb") && !name.startsWith("."));

/** Numbers (from 1) and sources of the cells for which a rule does not hold. */
function breaking(cells: readonly Cell[], holds: (source: string) => boolean): string[] {
  const numbered = cells.map((cell, index) => ({ source: sourceOf(cell), number: index + 1 }));
  return numbered.filter(({ source }) => !holds(source)).map(({ source, number }) => `cell ${number}: ${source}`);
}

function lastLine(source: string): string {
  return source.trimEnd().split("\n").findLast((line) => /^\S/.test(line) && !/^[)\]}]/.test(line)) ?? "";
}

Deno.test("there are notebooks", () => assert(names.length > 0));

for (const name of names) {
  const text = readFileSync(join(NOTEBOOKS, name), "utf8");
  const notebook: Notebook = JSON.parse(text);
  const { cells } = notebook, code = cells.filter((cell) => cell.cell_type === "code");

  Deno.test(`${name} is short: at most ${LONGEST} cells of at most ${LONGEST} lines`, () => {
    assert(cells.length <= LONGEST, `${cells.length} cells`);
    assertEquals(breaking(cells, (source) => source.split("\n").length <= LONGEST), []);
  });

  Deno.test(`${name} opens with a question, an equation and its duration, and closes with an asserted finding`, () => {
    const first = sourceOf(cells[0]), last = sourceOf(cells.at(-1)!);
    assertEquals(cells[0].cell_type, "markdown");
    assert(/\?/.test(first) && /\$[^$]+\$/.test(first) && /minute/.test(first), first);
    assert(/\bfinding\(/.test(last), last);
  });

  Deno.test(`${name} shows something in every code cell and defines no helpers`, () => {
    assertEquals(breaking(code, (source) => lastLine(source).startsWith("await show(")), []);
    const helper = /^\s*(async )?function |^\s*(const|let) \w+ = (async )?(\([^)]*\)|\w+) =>/m;
    assertEquals(breaking(code, (source) => !helper.test(source)), []);
  });

  Deno.test(`${name} is committed with its outputs, and without paths of a machine`, () => {
    assertEquals(problemsOf(notebook), []);
    assertEquals(text.match(/(^|[^\w.~-])\/(root|home|work|tmp|Users|private|mnt)\/[\w.-]+/g) ?? [], []);
    assertEquals(text.includes('"execution"'), false);
  });
}
