import type { Curve, Results } from "../../experiment/mod.ts";
import { type Figure, figure } from "../figure.ts";
import type { LineMark, Mark } from "../figure_spec.ts";
import { ink, palette } from "../palette.ts";
import { appearances } from "./appearance.ts";

/** What is drawn of the arms that learn from preferences. */
const HEALTH: readonly {
  readonly key: string;
  readonly title: string;
  readonly label: string;
  readonly caption: string;
}[] = [
  {
    key: "winnerGap",
    title: "Winner energy gap",
    label: "E(policy) − E(reference)",
    caption:
      "The truth's residual energy against the reference's. Above 0 the policy fits the truth worse; the dashed line is the gate.",
  },
  {
    key: "loserGap",
    title: "Negative energy gap",
    label: "E(policy) − E(reference)",
    caption: "Should rise: the policy moves away from the negatives.",
  },
  {
    key: "accuracy",
    title: "Implicit accuracy",
    label: "Share of pairs in the right order",
    caption: "It can be near 1 while images collapse: no sign of health by itself.",
  },
  {
    key: "gradientNorm",
    title: "Gradient norm",
    label: "Norm before clipping",
    caption: "Of the adapter's gradient.",
  },
  { key: "loss", title: "Preference loss", label: "−log σ(margin)", caption: "log 2 = 0.69 at the start." },
];

/**
 * Plot the training of every stage: losses of what learns from examples, and the health of what learns from preferences
 * (winner and negative energy gaps apart, implicit accuracy, gradient norm, loss).
 *
 * Curves are means over seeds; where they are few, bands reach from the smallest to the largest seed.
 */
export function trainingFigures(results: Results): Figure[] {
  const preference = results.curves.filter(({ values }) => "winnerGap" in values);
  const supervised = results.curves.filter(({ values }) => !("winnerGap" in values) && "loss" in values);
  return [
    ...supervisedFigure(results, supervised),
    ...HEALTH.flatMap(({ key, title, label, caption }) => {
      const marks = lines(results, preference, key);
      if (marks.length === 0) return [];
      return [figure({
        title,
        caption,
        x: { label: "Step" },
        y: { label, scale: key === "gradientNorm" ? "log" : "linear" },
        marks: key === "winnerGap" ? [...marks, ...gate(preference, marks)] : marks,
        height: 360,
      })];
    }),
  ];
}

function supervisedFigure(results: Results, curves: readonly Curve[]): Figure[] {
  if (curves.length === 0) return [];
  return [figure({
    title: "Supervised losses",
    caption: "SFT, adversaries and arms without preferences; each in its own norm, so compare shapes, not heights.",
    x: { label: "Step" },
    y: { label: "Loss", scale: "log" },
    marks: lines(results, curves, "loss"),
    height: 360,
  })];
}

const FEW = 4; // more bands than that hide each other

/** One line a label: the mean over the seeds that reached each step. */
function lines(results: Results, curves: readonly Curve[], key: string): LineMark[] {
  const look = appearances(results);
  const labels = [...new Set(curves.filter(({ values }) => key in values).map(({ label }) => label))];
  return labels.map((label, i) => {
    const runs = curves.filter((curve) => curve.label === label && key in curve.values);
    const longest = runs.reduce((a, b) => b.steps.length > a.steps.length ? b : a);
    const at = longest.steps.map((_, step) => runs.map(({ values }) => values[key][step]).filter(Number.isFinite));
    const isArm = results.points.some(({ id }) => id === runs[0].stage);
    return {
      kind: "line",
      label,
      x: longest.steps,
      y: at.map((values) => values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length),
      ...(runs.length > 1 && labels.length <= FEW
        ? { band: { low: at.map((v) => Math.min(...v)), high: at.map((v) => Math.max(...v)) } }
        : {}),
      ...(isArm ? { colour: look(runs[0].stage).colour, dash: look(runs[0].stage).dash } : {}),
      width: 1.6,
      ...(isArm ? {} : { colour: [ink.soft, "#b45309", "#0f766e", "#7c3aed"][i % 4] }),
    };
  });
}

/** The limit of the health gate, where the curves come near it. */
function gate(curves: readonly Curve[], marks: readonly LineMark[]): Mark[] {
  const limit = curves.find(({ health }) => health)?.health?.limit;
  const highest = Math.max(...marks.flatMap(({ y }) => [...y]).filter(Number.isFinite));
  if (limit === undefined || highest < 0.2 * limit) return [];
  return [{ kind: "rule", axis: "y", at: limit, label: `health gate at ${limit}`, dash: "dash", colour: palette[1] }];
}
