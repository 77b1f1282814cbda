import { assert, assertEquals } from "@std/assert";
import type { DownstreamEntry, DownstreamResults, DownstreamTask } from "asasr/experiment/mod.ts";
import { type Cell, downstreamTable, downstreamText, type Row, studyTable } from "asasr/view/mod.ts";
import { paperDownstream, paperMethods } from "asasr/view/tables/paper_downstream.ts";

const entry = (
  task: DownstreamTask,
  method: string,
  scores: Record<string, number | null>,
  rest: Partial<DownstreamEntry> = {},
): DownstreamEntry => ({
  task,
  method,
  scores,
  protocol: `${task} protocol`,
  truth: "x",
  faults: [],
  notes: [],
  ...rest,
});

const results: DownstreamResults = {
  version: 1,
  entries: [
    entry("ocr", "asasr", { precision: 0.5, recall: 0.25 }, { notes: ["1 of 2 images have no prediction"] }),
    entry("segmentation", "mine", { mIoU: 0.4, PixAcc: 0.75 }, { faults: [{ file: "a.png", reason: "broken" }] }),
    entry("segmentation", "GT", { mIoU: 0.5, PixAcc: 0.875 }),
    entry("segmentation", "see-sr", { mIoU: 0.45, PixAcc: null }),
    entry("study", "asasr", {
      "Top-1": 0.75,
      "Top-10": 1,
      "Top-2": 0.5,
      "Top-1 low": 0.7,
      "Top-1 high": 0.8,
      "mean rank": 1.5,
    }),
  ],
};
const cells = (row: Row) => (row as readonly Cell[]).map(({ text, bold }) => bold ? `*${text}` : text);

Deno.test("downstreamTable() has the rows and the order of Table 2, and marks the best method but the truth", () => {
  const { columns, rows, notes, caption } = downstreamTable(results);
  assert(caption.endsWith("; marked: the best."), caption);
  assertEquals(columns.map(({ label }) => label), ["", "GT", "SeeSR", "ASASR", "mine"]);
  assertEquals(rows.map((row) => "heading" in row ? row.heading : cells(row)), [
    "OCR",
    ["Precision\u00a0↑", "–", "–", "50.00", "–"],
    ["Recall\u00a0↑", "–", "–", "25.00", "–"],
    "Semantic Segmentation",
    ["mIoU\u00a0↑", "50.00", "*45.00", "–", "40.00"],
    ["PixAcc\u00a0↑", "87.50", "–", "–", "75.00"],
  ]);
  assertEquals(notes, ["ocr protocol", "segmentation protocol", "asasr, ocr: 1 of 2 images have no prediction"]);
});

Deno.test("downstreamTable() prints the paper's values below ours when asked", () => {
  const { columns, rows } = downstreamTable(results, { paper: true });
  assertEquals(columns.length, 1 + paperMethods.length + 1);
  const recall = rows.findIndex((row) => !("heading" in row) && row[0].text.startsWith("Recall"));
  const ours = cells(rows[recall]), paper = cells(rows[recall + 1]), asasr = 1 + paperMethods.indexOf("ASASR");
  assertEquals([ours[asasr], paper[asasr], paper[1], paper.at(-1)], ["25.00", "*45.91", "50.32", "–"]);
});

Deno.test("the paper's Table 2 is whole, with ASASR best of the methods in every row", () => {
  assertEquals(paperDownstream.flatMap(({ rows }) => rows).length, 10);
  for (const { values, label } of paperDownstream.flatMap(({ rows }) => rows)) {
    assertEquals(values.length, paperMethods.length, label);
    assertEquals(Math.max(...values.slice(1)), values.at(-1), label); // as the paper highlights
  }
});

Deno.test("studyTable() holds Top-k in order, with the interval of Top-1", () => {
  const { columns, rows } = studyTable(results)!;
  assertEquals(columns.map(({ label }) => label), ["method", "Top-1", "Top-2", "Top-10", "mean rank ↓"]);
  assertEquals(cells(rows[0]), ["asasr", "75.00", "50.00", "100.00", "1.50"]);
  assertEquals((rows[0] as readonly Cell[])[1].detail, "[70.00, 80.00]");
  assertEquals(studyTable({ version: 1, entries: [] }), null);
});

Deno.test("downstreamText() lists what was left out", () => {
  const text = downstreamText(results);
  assert(text.includes("Left out:\n  mine, a.png: broken") && text.includes("User study"), text);
  assertEquals(downstreamText({ version: 1, entries: [] }), "");
});
