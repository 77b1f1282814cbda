import { assert, assertEquals } from "@std/assert";
import { everyExperiment, experiments, given, table6 } from "../../experiments/mod.ts";
import { paperDownstream } from "../../lib/view/tables/paper_downstream.ts";
import { sharedTest } from "../support.ts";

const PAPER = "paper/asasr.txt";

/** The rows of numbers of a table: of its lines, those that end in as many numbers, in order. */
function rowsOf(text: string, table: string, columns: number): number[][] {
  const lines = text.split("\n"), first = lines.findIndex((line) => line.startsWith(`${table}:`));
  const after = lines.slice(first + 1), last = after.findIndex((line) => /^(Table|Figure) \d+:|^\d+\.\d /.test(line));
  return after.slice(0, last < 0 ? undefined : last).flatMap((line) => {
    const tail = line.trim().split(/\s+/).slice(-columns).map(Number);
    return tail.length === columns && tail.every(Number.isFinite) ? [tail] : [];
  });
}

const numbersOf = (rows: readonly (readonly (string | number | null)[])[]) =>
  rows.map((row) => row.filter((value) => typeof value === "number"));

sharedTest("the paper's tables stand here as the paper prints them", PAPER, async (path) => {
  const text = await Deno.readTextFile(path);
  for (const [name, columns] of [["table1", 12], ["table7", 4], ["table8", 4]] as const) {
    const printed = rowsOf(text, `Table ${name.slice(5)}`, columns);
    assert(printed.length > 4, name);
    assertEquals(numbersOf(given[name].paper![0].rows), printed, name);
  }
  assertEquals(
    paperDownstream.flatMap(({ rows }) => rows.map(({ values }) => [...values])),
    rowsOf(text, "Table 2", 14),
  );
  assertEquals(numbersOf(table6.paper.rows), rowsOf(text, "Table 6", 4));
});

sharedTest("the paper's columns of Tables 3 and 4 and the values of claims are those printed", PAPER, async (path) => {
  const text = await Deno.readTextFile(path);
  const rows = (name: string) => experiments[name].paperTables.flatMap(({ rows }) => rows.map(({ values }) => values));
  assertEquals(rows("table3"), rowsOf(text, "Table 3", 11));
  assertEquals(rows("table4"), rowsOf(text, "Table 4", 4));
  for (const { name, claims, paperTables } of Object.values(experiments)) {
    const printed = new Map(
      paperTables.flatMap(({ columns, rows }) =>
        rows.flatMap(({ arm, values }) => columns.map(({ metric }, i) => [`${arm} ${metric}`, values[i]] as const))
      ),
    );
    for (const { metric, better, worse, paper, note } of claims) {
      if (!paper) continue;
      // Either reading of the row of supervised data has its values.
      const valueOf = (arm: string) => printed.get(`${arm} ${metric}`) ?? printed.get(`static-sobolev ${metric}`);
      assertEquals(paper, { better: valueOf(better), worse: valueOf(worse) }, `${name} ${metric} ${note ?? ""}`);
    }
  }
});

sharedTest("single numbers of the claims are the paper's", PAPER, async (path) => {
  const text = await Deno.readTextFile(path);
  const quoted = {
    table5: ["19.60", "33.02", "2.85", "46.6"],
    fig6: ["27.35"],
    fig8: ["91.1", "50 participants", "64 low-quality images"],
  };
  for (const [name, numbers] of Object.entries(quoted)) {
    for (const number of numbers) {
      const [digits] = /^[\d.]+/.exec(number)!;
      assert(
        text.includes(number) && everyExperiment[name].claim.includes(String(Number(digits))),
        `${name} ${number}`,
      );
    }
  }
});
