import { assert, assertEquals } from "@std/assert";
import { given, measurements } from "../../experiments/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import { type MeasurementResults, type Overrides, runMeasurement } from "../../lib/experiment/mod.ts";
import { blocksFlop } from "../../lib/experiment/measurements/cost.ts";
import { verdictOf } from "../../lib/experiment/measurements/seeds.ts";
import { allDirectionsTable, measurementText, tableText } from "../../lib/view/mod.ts";
import { inFolder } from "../core/folder.ts";
import { sampleResults } from "../view/sample_results.ts";
import { tinySettings } from "./tiny.ts";

/** Runs a measurement on tiny networks. */
async function measured(root: string, name: string, overrides: Overrides = {}): Promise<MeasurementResults> {
  await startEngine({ engine: "auto", threads: 2, install: false });
  const config = { ...measurements[name], settings: tinySettings };
  const signal = new AbortController().signal;
  const run = runMeasurement(config, "smoke", { seeds: [0], ...overrides }, { root, command: "tiny", signal });
  let next = await run.next();
  while (!next.done) next = await run.next();
  return next.value.results;
}

Deno.test("prop41 finds the closed form on the ball, to first order and by free descent (Prop. 4.1)", () =>
  inFolder(async (root) => {
    const { tables: [table], findings, dataDescription } = await measured(root, "prop41");
    const column = (name: string) => table.columns.indexOf(name);
    for (const row of table.rows) {
      const value = (name: string) => row[column(name)] as number;
      assert(Math.abs(value("norm / epsilon") - 1) < 1e-4);
      if (value("epsilon") > 0.03) continue;
      // Any field obeys the proposition in a small ball.
      assert(Math.abs(value("dJ") / value("dJ, first order") - 1) < 0.05, String(row));
      assert(value("dJ") < value("dJ, Euclidean direction") && value("dJ, Euclidean direction") < 0, String(row));
      assert(value("cosine of free descent") > 0.99, String(row));
    }
    assertEquals(findings.map(({ verdict }) => verdict), Array(6).fill("reproduced"));
    assert(dataDescription.includes("test crops"));
  }));

Deno.test("prop42 trains adversaries on the ball with and without the true image (Prop. 4.2)", () =>
  inFolder(async (root) => {
    const { tables: [table], findings } = await measured(root, "prop42");
    assertEquals(table.rows.length, 5);
    assert(table.rows.every((row) => Math.abs(row[2] as number) <= 1));
    assertEquals(findings.length, 3);
  }));

Deno.test("fig4 draws artifacts, negatives and truth, and their spectra", () =>
  inFolder(async (root) => {
    const { tables: [table], pictures } = await measured(root, "fig4");
    assertEquals(table.columns.slice(1), ["Bicubic", "sharpened", "undertrained", "hallucinated", "Adversary"]);
    assert(table.rows.flat().every((value) => Number.isFinite(value)));
    const found = Array.from(Deno.readDirSync(root), ({ name }) => name).find((name) => name.startsWith("fig4"))!;
    assert((await Deno.stat(`${root}/${found}/${pictures[0].file}`)).size > 1000);
  }));

Deno.test("fig4 draws the artifacts that the run was given, and says so", () =>
  inFolder(async (root) => {
    const sources = [{ kind: "restorer", name: "bicubic" }] as const;
    const { tables: [table], departures } = await measured(root, "fig4", { sources });
    assertEquals(table.columns.slice(1), ["Bicubic", "bicubic", "Adversary"]);
    const said = departures.filter((sentence) => sentence.startsWith("The artifacts come from"));
    assertEquals(said.length, 1);
    assert(said[0].includes("bicubic on the training crops"), said[0]);
  }));

Deno.test("blocksFlop() counts FLUX.1-dev at 1024 px with the condition as tokens: 165 TFLOP", () => {
  assert(Math.abs(blocksFlop(57, 3072, 8704) / 1e12 - 165) < 1);
});

Deno.test("verdictOf() needs every reference, or none", () => {
  const positive = (x: number) => x > 0;
  assertEquals([[1, 2], [1, -1], [-1, -2]].map((values) => verdictOf(values, positive)), [
    "reproduced",
    "not resolved",
    "contradicted",
  ]);
});

Deno.test("allDirectionsTable() and measurementText() show verdicts, intervals and the frontier", () => {
  const results = sampleResults();
  const finding = { statement: "Prop. 4.1", measured: "cosine 0.99", verdict: "reproduced" as const };
  const measurement: MeasurementResults = {
    ...results,
    experiment: "prop41",
    cost: "seconds",
    tables: [{ caption: "A table", columns: ["a", "b"], rows: [["x", 1.5], ["y", null]] }],
    findings: [finding],
    pictures: [],
  };
  const text = tableText(allDirectionsTable([results], [measurement]));
  for (const part of ["Sobolev AS-DPO > Euclidean AS-DPO", "below: ", "cosine 0.99", "contradicted"]) {
    assert(text.includes(part), `${part}\n${text}`);
  }
  assert(measurementText(measurement).includes("reproduced: Prop. 4.1\n  cosine 0.99"));
  assert(measurementText(measurement).includes(`The paper: ${measurement.claim}`));
  // A question of the project is not put into the paper's mouth.
  assert(measurementText({ ...measurement, own: true }).includes(`Asked here: ${measurement.claim}`));
});

Deno.test("experiments that need more say what, and print the paper's rows whole", () => {
  for (const { needs, command, paper = [] } of Object.values(given)) {
    assert(needs.length > 10 && command.startsWith("npx -y deno@2.9.6 task "));
    for (const { columns, rows } of paper) assert(rows.every((row) => row.length === columns.length));
  }
});
