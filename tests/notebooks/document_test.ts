import { assertEquals } from "@std/assert";
import { type Cell, encodeNotebook, type Notebook, problemsOf, publishable } from "../../lib/cli/notebooks/mod.ts";

function notebookOf(...cells: Cell[]): Notebook {
  return { cells, metadata: { kernelspec: { name: "other" } }, nbformat: 4, nbformat_minor: 5 };
}

function codeCell(outputs: Cell["outputs"], metadata: Cell["metadata"] = {}): Cell {
  return { cell_type: "code", source: "await show(1);", metadata, outputs, execution_count: 7 };
}

const markdown: Cell = { cell_type: "markdown", source: ["# Which\n", "question?"], metadata: {} };

Deno.test("problemsOf() names cells that throw and cells that show nothing, counted from 1", () => {
  const shown = codeCell([{ output_type: "display_data", data: {} }]);
  const failed = codeCell([{ output_type: "error", ename: "RangeError", evalue: "Cannot\nmore", traceback: [] }]);
  assertEquals(problemsOf(notebookOf(markdown, shown)), []);
  assertEquals(problemsOf(notebookOf(markdown, shown, failed, codeCell([]))), [
    "cell 3: RangeError: Cannot",
    "cell 4 shows nothing",
  ]);
});

Deno.test("publishable() leaves no times, rates or machine paths, and counts from 1", () => {
  const output = {
    output_type: "execute_result",
    execution_count: 9,
    data: { "text/plain": "/some/where/lib/a.ts  5/5  9.1/s  loss 2" },
  };
  const cell = codeCell([output as never], { execution: { "iopub.status.busy": "2026-01-01" }, tags: ["kept"] });
  const result = publishable(notebookOf(markdown, cell), "/some/where");
  assertEquals(result.cells[0], markdown);
  assertEquals(result.cells[1].metadata, { tags: ["kept"] });
  assertEquals(result.cells[1].execution_count, 1);
  const text = encodeNotebook(result);
  assertEquals([text.includes("/some/where"), text.includes("./lib/a.ts  5/5  loss 2"), text.includes("2026")], [
    false,
    true,
    false,
  ]);
  assertEquals(publishable(result, "/some/where"), result);
});
