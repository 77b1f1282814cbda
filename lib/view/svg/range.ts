import type { Axis, ErrorBar, FigureSpec, Mark } from "../figure_spec.ts";

/**
 * Find the ends of an axis: as given, or those of all values with their bands and error bars and a margin.
 *
 * Bars reach to zero. An axis of named places has half a place around them. Reversed axes get their ends swapped.
 */
export function axisRange(spec: FigureSpec, which: "x" | "y"): [number, number] {
  const axis = spec[which];
  const [low, high] = axis.range ?? padded(spec.marks.flatMap((mark) => extent(mark, which)), axis);
  return axis.reversed ? [high, low] : [low, high];
}

/** How far an error bar reaches below and above its value. */
export function errorEnds(error: ErrorBar): { readonly below: number; readonly above: number } {
  return typeof error === "number" ? { below: error, above: error } : error;
}

function padded(values: readonly number[], axis: Axis): [number, number] {
  const log = axis.scale === "log";
  const placed = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const low = Math.min(...placed), high = Math.max(...placed);
  if (placed.length === 0) return log ? [0.1, 1] : [0, 1];
  if (axis.ticks) {
    return [
      Math.min(...axis.ticks.map((t) => t.at)) - 0.6,
      Math.max(...axis.ticks.map((t) => t.at)) + 0.6,
    ];
  }
  if (log) {
    const margin = Math.max((high / low) ** 0.04, 1.05);
    return [low / margin, high * margin];
  }
  const margin = high > low ? 0.06 * (high - low) : Math.max(Math.abs(high) * 0.1, 0.5);
  return [low - margin, high + margin];
}

function extent(mark: Mark, which: "x" | "y"): number[] {
  if (mark.kind === "rule") return mark.axis === which ? [mark.at] : [];
  const errors = which === "y" ? "errorY" in mark && mark.errorY : "errorX" in mark && mark.errorX;
  const values = [...mark[which]];
  if (errors) {
    errors.forEach((error, i) =>
      values.push(mark[which][i] - errorEnds(error).below, mark[which][i] + errorEnds(error).above)
    );
  }
  if (which === "y" && mark.kind === "line" && mark.band) values.push(...mark.band.low, ...mark.band.high);
  if (which === "y" && mark.kind === "bars") values.push(0);
  return values;
}
