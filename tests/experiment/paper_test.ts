import { assert, assertEquals } from "@std/assert";
import { experiments } from "../../experiments/mod.ts";
import { sharedTest } from "../support.ts";

const configs = Object.values(experiments);

sharedTest("paperTables hold every number of their rows as the paper prints it", "paper/asasr.txt", async (path) => {
  const lines = (await Deno.readTextFile(path)).replaceAll("Eulidean", "Euclidean").split("\n"); // a slip of the table
  for (const { label, values } of configs.flatMap(({ paperTables }) => paperTables.flatMap(({ rows }) => rows))) {
    const [line, ...others] = lines.filter((line) => line.includes(`${label} `) && / 0\.\d{4} /.test(line));
    assertEquals(others, [], label);
    assert(line !== undefined, `the paper has no row ${label}`);
    const numbers = line.slice(line.lastIndexOf(label) + label.length).split(" ").map(Number).filter(Number.isFinite);
    assertEquals(numbers.slice(1), values, label); // the first is the empty text before the first space
  }
});

for (const { name, claims, paperTables } of configs) {
  Deno.test(`${name} claims orderings of the numbers in its tables, in the metric's direction`, () => {
    for (const { metric, better, worse, paper } of claims) {
      if (paper === null) continue;
      const printed = paperTables.flatMap(({ columns, rows }) => {
        const at = columns.findIndex((column) => column.metric === metric);
        return rows.map(({ arm, values }) => ({ arm, value: values[at] }));
      });
      for (const [arm, value] of [[better, paper.better], [worse, paper.worse]] as const) {
        const own = printed.filter((row) => row.arm === arm);
        // An arm without a row is a second reading of one.
        assert((own.length > 0 ? own : printed).some((row) => row.value === value), `${metric} of ${arm}`);
      }
      const higher = paperTables.every(({ columns }) =>
        columns.every((column) => column.metric !== metric || column.better === "higher")
      );
      assert(higher ? paper.better > paper.worse : paper.better < paper.worse, `${metric}: ${better} over ${worse}`);
    }
  });
}
