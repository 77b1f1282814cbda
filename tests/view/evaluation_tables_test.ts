import { assert, assertEquals } from "@std/assert";
import type { EvaluationColumn, FolderEvaluation } from "asasr/experiment/mod.ts";
import { imageMetrics, protocols, protocolUses, spectralMetrics } from "asasr/metrics/mod.ts";
import {
  catalogueText,
  type Cell,
  evaluationTable,
  evaluationText,
  folderComparisonTable,
  rankAgreementTables,
  type Table,
} from "asasr/view/mod.ts";

const column = (name: string, label: string, better: "higher" | "lower", rest: Partial<EvaluationColumn> = {}) => ({
  ...{ name, label, better, unit: "", digits: 2, reference: "full", source: "a test" } as const,
  ...{ unavailable: null, parameters: null, level: "image" } as const,
  ...rest,
});
const summary = (mean: number | null, count: number, infinite = 0) => {
  const known = mean !== null && count > 1;
  return { mean, low: known ? mean - 1 : null, high: known ? mean + 1 : null, count, infinite };
};
const comparison = (metric: string, mean: number, low: number | null, high: number | null) => ({
  ...{ metric, folder: "ours", control: "theirs", mean, low, high, pHolm: 0.0004, count: 3 },
});
const pair = (folder: string, a: string, b: string, spearman: number | null, kendall: number | null) => ({
  ...{ folder, a, b, spearman, kendall, count: 3 },
});

const source = { hash: null, spectrum: null, factors: null, infinite: {} };

const evaluation: FolderEvaluation = {
  protocol: protocols.paper,
  protocolText: "Protocol paper v1; no border cropped",
  code: 2,
  metrics: [
    column("psnrDb", "PSNR", "higher", { unit: "dB" }),
    column("niqe", "NIQE", "lower", { digits: 3, parameters: "the authors" }),
    column("dists", "DISTS", "lower", { unavailable: "not available: needs vgg16.safetensors" }),
  ],
  gaps: [{ name: "clipiqa", reason: "the protocol takes another" }],
  missing: [{ file: "vgg16.safetensors", origin: "torchvision" }],
  engine: "Engine: TensorFlow, 2 threads",
  weights: {},
  images: ["a", "b", "c"],
  truths: null,
  folders: [
    {
      name: "ours",
      ...{ ...source, path: "x/ours" },
      perImage: { psnrDb: [25, 26, 27], niqe: [4, null, 5], dists: [null, null, null] },
      summary: { psnrDb: summary(26, 3), niqe: summary(4.5, 2), dists: summary(null, 0) },
    },
    {
      name: "theirs",
      ...{ ...source, path: "y/theirs" },
      perImage: { psnrDb: [24, null, null], niqe: [null, null, null], dists: [null, null, null] },
      summary: { psnrDb: summary(24, 1), niqe: summary(null, 0), dists: summary(null, 0) },
    },
  ],
  comparisons: [
    comparison("psnrDb", 1, 0.5, 1.5),
    comparison("niqe", 0.25, 0.125, 0.5),
    comparison("niqe", -0.25, -0.5, -0.125),
    comparison("psnrDb", 1, null, null),
  ],
  agreement: [pair("ours", "psnrDb", "niqe", 0.5, -0.25), pair("theirs", "psnrDb", "niqe", null, null)],
  notes: ["sr/a.png: palette expanded to RGB"],
  faults: [{ file: "sr/b.png", metric: "niqe", reason: "the score is NaN" }, { file: "sr/x.png", reason: "broken" }],
};

const texts = (table: Table) => (table.rows as readonly (readonly Cell[])[]).map((row) => row.map(({ text }) => text));
const details = (table: Table) =>
  (table.rows as readonly (readonly Cell[])[]).map((row) => row.slice(1).map(({ detail }) => detail));

Deno.test("evaluationTable() prints means, intervals, how many images, and what is not available", () => {
  const table = evaluationTable(evaluation);
  assertEquals(table.columns.map(({ label }) => label), ["metric", "ours", "theirs"]);
  assertEquals(texts(table), [
    ["PSNR\u00a0↑ (dB)", "26.00", "24.00"],
    ["NIQE\u00a0↓", "4.500", "–"],
    ["DISTS\u00a0↓", "not available", "not available"],
  ]);
  assertEquals(details(table), [
    ["[25.00, 27.00]", "(1 of 3)"],
    ["[3.500, 5.500] (2 of 3)", "(0 of 3)"],
    [undefined, undefined],
  ]);
  assertEquals(table.notes, [
    "Protocol paper v1; no border cropped",
    "Parameters of NIQE: the authors",
    "Engine of the networks: TensorFlow, 2 threads",
  ]);
});

Deno.test("folderComparisonTable() marks what its interval resolves, by the direction of the metric", () => {
  const rows = folderComparisonTable(evaluation).rows as readonly (readonly Cell[])[];
  assertEquals(rows.map(([, { text, tone }]) => [text, tone]), [
    ["+1.00", "good"],
    ["+0.250", "bad"],
    ["−0.250", "good"],
    ["+1.00", undefined],
  ]);
  assertEquals(rows[0].map(({ text }) => text), [
    "PSNR\u00a0↑ (dB)  ours - theirs",
    "+1.00",
    "[0.50, 1.50]",
    "< 0.001",
    "3",
  ]);
  assertEquals(rows[3][2].text, "");
});

Deno.test("folderComparisonTable() names its test and family, few images, and a metric that says the same twice", () => {
  const lsdE = column("lsdE", "LSD (base e)", "lower", { multipleOf: "psnrDb" });
  const { caption, notes } = folderComparisonTable({ ...evaluation, metrics: [...evaluation.metrics, lsdE] });
  assert(caption.includes("paired t-test, corrected by Holm over all 4") && caption.includes("not corrected"), caption);
  assertEquals(notes, [
    "Below 6 images an interval is hardly more than the range of the differences.",
    "LSD (base e) is left out: a fixed multiple of PSNR.",
  ]);
  const comparisons = [{ ...comparison("psnrDb", 1, 0.5, 1.5), count: 6 }];
  assertEquals(folderComparisonTable({ ...evaluation, comparisons }).notes, []);
});

Deno.test("evaluationTable() says what columns are, counts infinite values, and has no interval of one image", () => {
  const [ours, theirs] = evaluation.folders;
  const folders = [
    { ...ours, summary: { ...ours.summary, psnrDb: summary(26, 2, 1) } },
    { ...theirs, name: "ours#2" },
    { ...theirs, name: "bicubic", path: "lr", factors: [2, 4] },
  ];
  const table = evaluationTable({ ...evaluation, folders });
  assertEquals(details(table)[0][0], "[25.00, 27.00] (2 of 3, 1 infinite)");
  assertEquals(table.notes!.slice(1, 3), ["ours#2 is y/theirs", "bicubic: lr enlarged x2, x4 as MATLAB does"]);
  assertEquals(evaluationTable({ ...evaluation, images: ["a"] }).caption, "One image: nothing bounds its values.");
});

Deno.test("rankAgreementTables() holds Spearman above the diagonal and Kendall below, a table a folder", () => {
  const tables = rankAgreementTables(evaluation);
  assertEquals(tables.map(texts), [
    [["1 PSNR", "", "+0.50"], ["2 NIQE", "−0.25", ""]],
  ]);
  assert(tables[0].caption.includes("over 3 images of ours"), tables[0].caption);
  assertEquals(rankAgreementTables({ ...evaluation, agreement: [] }), []);
  const agreement = [pair("ours", "psnrDb", "niqe", null, null), { ...evaluation.agreement[0], folder: "theirs" }];
  assertEquals(rankAgreementTables({ ...evaluation, agreement }).length, 1, "a table that says nothing is not printed");
});

Deno.test("evaluationText() lists what is missing, converted and left out, and nothing where there is nothing", () => {
  const text = evaluationText(evaluation);
  for (
    const part of [
      "Metrics left out:\n  dists: not available: needs vgg16.safetensors\n  clipiqa: the protocol takes another",
      "\n  vgg16.safetensors: torchvision",
      "Converted on reading:\n  sr/a.png: palette expanded to RGB",
      "Left out:\n  sr/b.png, niqe: the score is NaN\n  sr/x.png: broken",
    ]
  ) assert(text.includes(part), `${part} in ${text}`);
  const plain = evaluationText({
    ...evaluation,
    metrics: evaluation.metrics.slice(0, 1),
    gaps: [],
    missing: [],
    comparisons: [],
    agreement: [],
    notes: [],
    faults: [],
  });
  for (const part of ["left out", "Left out", "--weights", "Converted", "Paired", "Rank"]) {
    assert(!plain.includes(part), part);
  }
});

Deno.test("catalogueText() tells range, direction, source and files of every metric", () => {
  const text = catalogueText([...imageMetrics, ...spectralMetrics], protocolUses);
  for (const [name, use] of Object.entries(protocolUses)) {
    assert(name in protocols && text.split("\n").some((line) => line.startsWith(`${name} `) && line.endsWith(use)));
  }
  assert(/hfRatio .*→1.* all truths/.test(text), text);
  for (const { name, source, weights } of imageMetrics) {
    const line = text.split("\n").find((line) => line.startsWith(`${name} `))!;
    assert(line.includes(source) && /[↑↓]/.test(line), line);
    for (const { file, origin } of weights) {
      assert(text.split("\n").some((line) => line.startsWith(file) && line.includes(name) && line.endsWith(origin)));
    }
  }
  assert(/psnrDb .*PSNR.↑ \(dB\) +0 to ∞ +truth/.test(text), text);
});
