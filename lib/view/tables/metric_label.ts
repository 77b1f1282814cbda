import type { MetricColumn } from "../../experiment/mod.ts";

const ARROWS = { higher: "↑", lower: "↓", one: "→1" } as const;

/** Name of a metric with the direction in which it is better: `PSNR ↑`. */
export function metricLabel({ label, better }: Pick<MetricColumn, "label" | "better">): string {
  return `${label}\u00a0${ARROWS[better]}`; // kept on one line
}

/** Name of a metric with its unit, for an axis: `PSNR (dB)`. */
export function metricAxis({ label, unit }: Pick<MetricColumn, "label" | "unit">): string {
  return unit === "" ? label : `${label} (${unit})`;
}

/** How good a value is, larger is better, whatever the direction of its metric. */
export function merit(value: number, { better }: Pick<MetricColumn, "better">): number {
  return better === "higher" ? value : better === "lower" ? -value : -Math.abs(value - 1);
}
