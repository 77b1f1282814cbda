import { type Direction, frontierPlace, type MeasurementResults, type Results } from "../../experiment/mod.ts";
import { formatSigned } from "../numbers.ts";
import { cell, type Row, type Table } from "../table.ts";
import { evidenceText } from "./difference_table.ts";
import { verdictTones } from "./direction_table.ts";
import { metricOf, pointLabel } from "./labels.ts";
import { metricLabel } from "./metric_label.ts";

/** A metric that the frontier holds equal. */
interface Realism {
  readonly name: string;
  readonly label: string;
}

/**
 * Tabulate every direction of the paper over several experiments: the verdict with its interval, the corrected p-value and
 * effect size, and where the arm that the paper calls better lies beside the training-free frontier.
 */
export function allDirectionsTable(runs: readonly Results[], measured: readonly MeasurementResults[]): Table {
  const single = runs.filter(({ seeds, directions }) => seeds.length === 1 && directions.length > 0)
    .map(({ experiment }) => experiment);
  const held = realismOf(runs);
  const smoke = [...runs, ...measured].filter(({ preset }) => preset === "smoke").map(({ experiment }) => experiment);
  return {
    caption:
      "Every direction of the paper. Resolved is one whose 95 % interval leaves out zero with p < 0.05, by Holm over the " +
      "directions of its experiment; a statement on the references holds for every one; the last columns are the better arm's PSNR less that of untouched sampling at " +
      "equal realism: SWD, high-frequency power and perceptual distances where they were measured.",
    columns: [
      { label: "experiment", align: "left" },
      { label: "the paper says", align: "left" },
      { label: "metric", align: "left" },
      { label: "verdict", align: "left" },
      { label: "paper", align: "right" },
      { label: "here", align: "left" },
      {
        label: "effect",
        align: "right",
        hint: "mean over the standard deviation over photographs, of means over seeds",
      },
      ...held.map(({ label }) => ({ label: `frontier, ${label}`, align: "left" as const })),
    ],
    rows: [
      ...runs.flatMap((run) => run.directions.map((direction) => directionRow(run, direction, held))),
      ...measured.flatMap(({ experiment, preset, findings }) =>
        findings.map(({ statement, measured, verdict }): Row => [
          ...[named(experiment, preset), statement, ""].map((text) => cell(text)),
          cell(verdict, { tone: verdictTones[verdict], bold: true }),
          ...["–", measured, "–"].map((text) => cell(text)),
          ...held.map(() => cell("–")),
        ])
      ),
    ],
    notes: [
      "Readings marked (second) stand beside another of the same row of the paper and are not counted again.",
      "Experiments that share arms and seeds share evidence: the same ordering in two of them is one observation.",
      "Beside the frontier: not told apart, the offset is not resolved; outside, it does not reach the arm's realism at the greater part of the seeds, or at all but one; (n/m), seeds that it reaches; unbounded, there is no interval.",
      ...(smoke.length > 0
        ? [`Preset smoke: ${smoke.join(", ")}. Its models are hardly trained: its numbers say nothing about the paper.`]
        : []),
      ...(single.length > 0
        ? [`One seed: ${single.join(", ")}. There intervals speak of these test images alone, not of other trainings.`]
        : []),
    ],
  };
}

/** What the runs hold equal for the frontier, apart from PSNR, which is compared there. */
function realismOf(runs: readonly Results[]): Realism[] {
  const held = new Set(runs.flatMap(({ offsets }) => offsets.map(({ at }) => at)));
  held.delete("psnrDb");
  return [...held].map((name) => ({
    name,
    label: runs.map((run) => metricOf(run, name)?.label).find((label) => label !== undefined) ?? name,
  }));
}

function directionRow(run: Results, direction: Direction, held: readonly Realism[]): Row {
  const { better, worse, paper, mean, effectSize, verdict, alternative } = direction;
  const metric = metricOf(run, direction.metric), digits = metric?.digits ?? 3;
  return [
    cell(named(run.experiment, run.preset)),
    cell(`${pointLabel(run, better)} > ${pointLabel(run, worse)}${alternative ? " (second)" : ""}`),
    cell(metric ? metricLabel(metric) : direction.metric),
    cell(verdict, { tone: verdictTones[verdict], bold: true }),
    cell(paper ? formatSigned(paper.better - paper.worse, digits) : "–"),
    cell(`${formatSigned(mean, digits)} ${evidenceText(direction, digits)}`),
    cell(effectSize === null ? "–" : formatSigned(effectSize, 2)),
    ...held.map(({ name }) => cell(placeText(run, better, name))),
  ];
}

/** `fig7, smoke`: only runs at `small` and `paper` say something of the paper. */
function named(experiment: string, preset: string): string {
  return preset === "small" ? experiment : `${experiment}, ${preset}`;
}

/** `below: -0.08 [-0.10, -0.05] (2/3)`. */
function placeText(run: Results, arm: string, at: string): string {
  if (arm === "sft") return "its own curve";
  const found = frontierPlace(run.offsets, arm, at);
  if (!found) return "–";
  const { place, offset: { mean, low = null, high = null, pHolm, perSeed, outside } } = found;
  if (mean === null) return place;
  const inside = outside > 0 ? `(${perSeed.length - outside}/${perSeed.length})` : "";
  // Outside, the seeds within reach speak for themselves alone.
  if (place === "outside") return `${place} ${inside}`;
  const parts = [formatSigned(mean, 3), evidenceText({ low, high, pHolm }, 3), inside].filter((part) => part !== "");
  return `${place}: ${parts.join(" ")}`;
}
