import { type MetricColumn, type Point, type Results, spread } from "../../experiment/mod.ts";
import { type Figure, figure } from "../figure.ts";
import type { ErrorBar, Mark } from "../figure_spec.ts";
import { ink } from "../palette.ts";
import { metricOf, seedValues } from "../tables/labels.ts";
import { metricAxis } from "../tables/metric_label.ts";
import { appearances } from "./appearance.ts";

/** Which two metrics span the plane. */
export interface DistortionRealismOptions {
  /** Fidelity to the truth, upwards; `psnrDb` by default. */
  readonly fidelity?: string;
  /** Realism, rightwards; `swd` by default. */
  readonly realism?: string;
  /** Show the surroundings of the arms, less the farthest one; the curves run out of the figure. */
  readonly closeUp?: boolean;
}

/**
 * Plot all arms against what untouched sampling can reach: SFT at several step counts and mixed with the posterior mean.
 *
 * Better is up and to the right. An arm beyond both curves improves the trade-off; one on them only moves along it.
 *
 * @returns Undefined where the run lacks one of the metrics.
 */
export function distortionRealismFigure(results: Results, options: DistortionRealismOptions = {}): Figure | undefined {
  const { fidelity = "psnrDb", realism = "swd", closeUp = false } = options;
  const y = metricOf(results, fidelity), x = metricOf(results, realism);
  if (!x || !y) return undefined;
  const arms = results.points.filter(({ kind, id }) => kind === "arm" && id !== "sft");
  const look = appearances(results);
  return figure({
    title: `${y.label} against ${x.label}${closeUp ? ", close up" : ""}`,
    caption:
      `${x.better === "one" ? "Up is better, and 1 is right" : "Up and right is better"}. Gray: SFT alone, its step ` +
      "counts labelled. Error bars: one standard deviation over seeds.",
    x: { label: axisLabel(x), reversed: x.better === "lower", range: closeUp ? surroundings(arms, x) : undefined },
    y: { label: axisLabel(y), reversed: y.better === "lower", range: closeUp ? surroundings(arms, y) : undefined },
    marks: [
      ...rules(x),
      ...curves(results, x, y),
      ...samplers(results, x, y),
      ...arms.map((point): Mark => ({
        kind: "points",
        label: point.label,
        ...at([point], x, y),
        ...errorBars([point], x, y),
        colour: look(point.id).colour,
        shape: look(point.id).shape,
        size: point.id === "sobolev-asdpo" ? 13 : 10,
      })),
    ],
    height: closeUp || fidelity !== "psnrDb" || realism !== "swd" ? 400 : 480,
  });
}

/** Where a metric that is best at 1 is right. */
function rules(x: MetricColumn): Mark[] {
  return x.better === "one" ? [{ kind: "rule", axis: "x", at: 1, label: "right", unlisted: true, dash: "dot" }] : [];
}

/** The range of the arms without the one that lies farthest from their middle, and a margin. */
function surroundings(arms: readonly Point[], metric: MetricColumn): [number, number] | undefined {
  const values = arms.map((point) => spread(seedValues(point, metric.name)).mean).sort((a, b) => a - b);
  const middle = values[Math.floor(values.length / 2)], count = Math.max(2, values.length - 1);
  const kept = values.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, count);
  const low = Math.min(...kept), high = Math.max(...kept), margin = 0.25 * (high - low);
  return high > low ? [low - margin, high + margin] : undefined;
}

/** The frontier of Euler step counts, from few to many, and the mixes from the pure sample to the most mixed. */
function curves(results: Results, x: MetricColumn, y: MetricColumn): Mark[] {
  const reference = results.points.filter(({ id }) => id === "sft");
  const euler = [...reference, ...results.points.filter(({ id }) => /^sft@\d+$/.test(id))]
    .sort((a, b) => a.evaluations - b.evaluations);
  const mixes = [...reference, ...results.points.filter(({ kind }) => kind === "mix")];
  const curve = (label: string, points: readonly Point[], dash: "solid" | "dash", colour: string): Mark[] =>
    points.length < 2 ? [] : [{
      kind: "line",
      label,
      ...at(points, x, y),
      dash,
      colour,
      dots: true,
      texts: points.map(({ evaluations }) => dash === "solid" ? String(evaluations) : ""),
    }];
  return [
    ...curve("SFT, Euler steps as labelled", euler, "solid", "#52606d"),
    ...curve("SFT mixed with the posterior mean", mixes, "dash", ink.axis),
  ];
}

function samplers(results: Results, x: MetricColumn, y: MetricColumn): Mark[] {
  const others = results.points.filter(({ kind, id }) => kind === "sampler" && !/^sft@\d+$/.test(id));
  return others.map((point) => ({
    kind: "points",
    label: point.label,
    ...at([point], x, y),
    colour: ink.axis,
    shape: "diamond",
    size: 8,
  }));
}

function at(points: readonly Point[], x: MetricColumn, y: MetricColumn): { x: number[]; y: number[] } {
  const means = (metric: MetricColumn) => points.map((point) => spread(seedValues(point, metric.name)).mean);
  return { x: means(x), y: means(y) };
}

function errorBars(
  points: readonly Point[],
  x: MetricColumn,
  y: MetricColumn,
): { errorX?: ErrorBar[]; errorY?: ErrorBar[] } {
  if (points[0].perSeed.length < 2) return {};
  const sds = (metric: MetricColumn) => points.map((point) => spread(seedValues(point, metric.name)).sd);
  return { errorX: sds(x), errorY: sds(y) };
}

function axisLabel(metric: MetricColumn): string {
  const direction = { higher: "higher is better", lower: "lower is better", one: "1 is right" }[metric.better];
  return `${metricAxis(metric)}, ${direction}`;
}
