import { type MetricColumn, type Results, spread } from "../../experiment/mod.ts";
import { type Figure, figure } from "../figure.ts";
import type { Mark } from "../figure_spec.ts";
import { colourOf, ink } from "../palette.ts";
import { seedValues } from "../tables/labels.ts";
import { metricAxis, metricLabel } from "../tables/metric_label.ts";

/** A run whose arms differ in one number. */
export interface Sweep {
  /** What the number is: `s`, `rank`. */
  readonly name: string;
  /** By rising number. */
  readonly arms: readonly { readonly id: string; readonly value: number }[];
}

/**
 * Find the number in which the arms of a run differ, from ids such as `s0`, `s1.5` or `rank16`.
 *
 * @returns Undefined where fewer than three arms are named so.
 */
export function sweepOf(results: Results): Sweep | undefined {
  const named = results.points.filter(({ kind }) => kind === "arm").flatMap(({ id }) => {
    const [, name, value] = /^([a-z]+)(\d+(?:\.\d+)?)$/.exec(id) ?? [];
    return name === undefined ? [] : [{ id, name, value: Number(value) }];
  });
  const arms = named.filter(({ name }) => name === named[0].name).sort((a, b) => a.value - b.value);
  return arms.length < 3 ? undefined : { name: arms[0].name, arms };
}

/** Plot a metric over the number that a run sweeps, with the reference as a line (Fig. 7, Table 4). */
export function sweepFigure(results: Results, { name, arms }: Sweep, metric: MetricColumn): Figure {
  const spreads = arms.map(({ id }) =>
    spread(seedValues(results.points.find((point) => point.id === id)!, metric.name))
  );
  const means = spreads.map(({ mean }) => mean), sds = spreads.map(({ sd }) => sd);
  const reference = results.points.find(({ id }) => id === "sft");
  const geometric = arms[0].value > 0 && arms.at(-1)!.value / arms[0].value > 20;
  const marks: Mark[] = [{
    kind: "line",
    label: "arms",
    x: arms.map(({ value }) => value),
    y: means,
    dots: true,
    colour: colourOf(0),
    ...(sds.every(Number.isFinite)
      ? { band: { low: means.map((mean, i) => mean - sds[i]), high: means.map((mean, i) => mean + sds[i]) } }
      : {}),
  }];
  if (reference) {
    const at = spread(seedValues(reference, metric.name)).mean;
    marks.push({ kind: "rule", axis: "y", at, label: reference.label, dash: "dash", colour: ink.soft });
  }
  return figure({
    title: `${metricLabel(metric)} over ${name}`,
    caption: "Mean and standard deviation over seeds; dashed: SFT.",
    x: {
      label: name,
      scale: geometric ? "log" : "linear",
      ...(geometric
        ? {
          ticks: arms.map(({ value }) => ({ at: value, text: String(value) })),
          range: [arms[0].value / 1.3, arms.at(-1)!.value * 1.3] as const,
        }
        : {}),
    },
    y: { label: metricAxis(metric) },
    marks,
    width: 480,
    height: 340,
  });
}
