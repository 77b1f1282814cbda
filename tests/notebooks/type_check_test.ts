import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type Cell, cellsAsModule, encodeNotebook, typeCheckNotebook } from "../../lib/cli/notebooks/mod.ts";

const root = join(import.meta.dirname!, "../..");

function notebookOf(...sources: string[]) {
  const cells: Cell[] = sources.map((source) => ({ cell_type: "code", source, metadata: {}, outputs: [] }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** Type-checks cells as those of a notebook in the project. */
async function check(...sources: string[]): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ dir: join(root, "notebooks"), prefix: ".test-" });
  try {
    await Deno.writeTextFile(join(folder, "a.ipynb"), encodeNotebook(notebookOf(...sources)));
    const complaint = await typeCheckNotebook(join(folder, "a.ipynb"));
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["a.ipynb"], "the hidden module is removed");
    return complaint;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("cellsAsModule() keeps code cells alone, under their numbers", () => {
  const { cells, ...rest } = notebookOf("const a = 1;", "a + 1;");
  const markdown: Cell = { cell_type: "markdown", source: "# no code", metadata: {} };
  assertEquals(
    cellsAsModule({ ...rest, cells: [markdown, ...cells] }),
    "// cell 2\nconst a = 1;\n\n// cell 3\na + 1;\n",
  );
});

Deno.test("typeCheckNotebook() accepts cells that share names and await", async () => {
  const first = `import { rng } from "asasr/core/mod.ts";\nconst draws = rng(0, "notebook");`;
  assertEquals(await check(first, "const x: number = await Promise.resolve(draws.uniform());"), undefined);
});

Deno.test("typeCheckNotebook() names a missing export, which the kernel would take as undefined", async () => {
  const complaint = await check(`import { noSuchThing } from "asasr/core/mod.ts";`, "noSuchThing;");
  assert(complaint?.includes("noSuchThing"), complaint);
});

Deno.test("typeCheckNotebook() names a value of the wrong type and a name declared twice", async () => {
  assert((await check("const a = 1;", `a.concat("b");`))?.includes("concat"));
  assert((await check("const a = 1;", "const a = 2;"))?.includes("redeclare"));
});
