import { assert, assertEquals } from "@std/assert";
import {
  type Cell,
  controlsOf,
  differenceTable,
  directionTable,
  metricsTable,
  offsetTable,
  paperTable,
  resultsText,
  type Table,
  tableText,
  textTable,
} from "asasr/view/mod.ts";
import { frontierSentences } from "asasr/view/frontier_sentences.ts";
import { verdictSentence } from "asasr/view/verdict_sentence.ts";
import { sampleResults } from "./sample_results.ts";

const results = sampleResults(), oneSeed = sampleResults([0]);

/** The cells of the row that starts with a label. */
function row(table: Table, label: string): readonly Cell[] {
  return table.rows.find((cells): cells is readonly Cell[] => !("heading" in cells) && cells[0].text === label)!;
}

Deno.test("metricsTable() gives mean and spread and marks the best trained arm", () => {
  const table = metricsTable(results, ["psnrDb", "swd"]);
  assertEquals(table.columns.map(({ label }) => label.replace("\u00a0", " ")), ["", "NFE", "PSNR ↑", "SWD ↓"]);
  const best = row(table, "Sobolev-weighted SFT");
  assertEquals([best[2].bold, best[3].bold], [true, false]);
  assert(/^19\.\d\d$/.test(best[2].text) && /^± 0\.\d\d$/.test(best[2].detail!));
  assertEquals(row(table, "SFT, 2 steps")[2].bold, false); // better still, but not trained
  assertEquals(row(metricsTable(oneSeed), "SFT")[2].detail, undefined);
});

Deno.test("differenceTable() colours what interval and corrected p-value resolve", () => {
  assertEquals(controlsOf(results), ["sft", "sft-continued", "sobolev-sft", "sft@16"]);
  const table = differenceTable(results, "sft", ["psnrDb", "swd"]);
  const [, psnr, swd] = row(table, "Sobolev-weighted SFT");
  assert(/^\[\+.*\] p [=<] 0\.\d{3} 3\/3$/.test(psnr.detail!), psnr.detail);
  assert(/^\[\+/.test(swd.detail!), swd.detail);
  const { comparisons } = sampleResults();
  const corrected = (pHolm: number) => {
    const changed = { ...results, comparisons: comparisons.map((comparison) => ({ ...comparison, pHolm })) };
    const [, psnr, swd] = row(differenceTable(changed, "sft", ["psnrDb", "swd"]), "Sobolev-weighted SFT");
    return [psnr.tone, swd.tone, /p .*?\d{3}/.exec(psnr.detail!)![0]];
  };
  assertEquals(corrected(0.0004), ["good", "bad", "p < 0.001"]);
  assertEquals(corrected(0.0123), ["good", "bad", "p = 0.012"]);
  assertEquals(corrected(0.0512), ["muted", "muted", "p = 0.051"]);
  const unbounded = row(differenceTable(oneSeed, "sft", ["swd"]), "Sobolev-weighted SFT")[1];
  assertEquals([unbounded.detail, unbounded.tone], ["", "muted"]);
});

Deno.test("paperTable() prints the paper's values beside ours", () => {
  const table = paperTable(results, results.paperTables[0]);
  const cells = row(table, "Sobolev Guidance");
  assertEquals(cells.map(({ text }) => text.length > 0), Array(7).fill(true));
  assertEquals([cells[1].text, cells[1].bold, cells[5].text], ["20.60", true, "0.2784"]);
  const [first] = results.paperTables;
  const absent = { ...first, rows: [{ ...first.rows[0], arm: "absent" }] };
  assertEquals(row(paperTable(results, absent), "Sobolev Guidance")[2].text, "not run");
});

Deno.test("directionTable() and offsetTable() show verdicts and what lies outside", () => {
  const directions = directionTable(results).rows as readonly (readonly Cell[])[];
  assertEquals(directions.length, results.directions.length);
  assertEquals(new Set(directions.map((cells) => cells[4].text)).size, 3);
  const offsets = offsetTable(results, "envelope", ["psnrDb at swd"]);
  assertEquals(row(offsets, "Rollouts, own noise, s = 0")[1].text, "outside");
  assertEquals(row(offsets, "Sobolev-weighted SFT")[1].bold, true);
});

Deno.test("verdictSentence() counts an ordering with two readings once", () => {
  const counted = results.directions.filter(({ alternative }) => !alternative).length;
  assertEquals(counted, results.directions.length - 1);
  assert(verdictSentence(results).startsWith(`Of ${counted} orderings`), verdictSentence(results));
});

Deno.test("frontierSentences() speaks of every measure of realism, and not of a single seed", () => {
  const sentences = frontierSentences(results);
  for (const measure of ["SWD", "HF ratio"]) {
    assert(sentences.some((sentence) => sentence.startsWith(`At equal ${measure}, `)), sentences.join(" "));
  }
  assertEquals(frontierSentences(oneSeed), []);
});

Deno.test("textTable() aligns numbers right and any script by its width", () => {
  const text = textTable(["name", "value"], [["a", "1.5"], ["画像", "−10"], ["e\u0301", "–"]]);
  assertEquals(text.split("\n"), ["name  value", "────  ─────", "a       1.5", "画像    −10", "e\u0301         –"]);
  assertEquals(textTable(["a"], []), "a\n─");
});

Deno.test("tableText() writes headings, marks and notes", () => {
  const table: Table = {
    caption: "Caption",
    columns: [{ label: "", align: "left" }, { label: "x", align: "right" }],
    rows: [{ heading: "Group" }, [{ text: "a" }, { text: "1", detail: "± 2", bold: true }]],
    notes: ["Note"],
  };
  assertEquals(tableText(table).split("\n"), ["Caption", "        x", "─  ──────", "Group", "a  *1 ± 2", "Note"]);
});

Deno.test("resultsText() names verdicts, protocol and command", () => {
  const text = resultsText(results);
  for (const part of ["Table 3", "reproduced", "contradicted", "YCbCr", "seeds 0, 1, 2", results.command]) {
    assert(text.includes(part), part);
  }
  assert(!/NaN|undefined|null/.test(text));
  assert(resultsText(oneSeed).includes("With one seed"));
});
