import type { ErrorBar, LineMark, Mark, PointMark, PointShape } from "../figure_spec.ts";
import { ink, markColour, translucent } from "../palette.ts";
import { errorEnds } from "../svg/range.ts";
import type { PlotlyTrace } from "./types.ts";

const SYMBOLS: Readonly<Record<PointShape, string>> = {
  circle: "circle",
  square: "square",
  diamond: "diamond",
  triangle: "triangle-up",
  cross: "x-thin-open",
  star: "star",
};

/** Turn a mark into traces; `index` is its place in the figure. Rules are shapes of the layout and have none. */
export function tracesOf(mark: Mark, index: number): PlotlyTrace[] {
  const colour = markColour(mark, index);
  switch (mark.kind) {
    case "line":
      return [...bandTraces(mark, colour, index), lineTrace(mark, colour, index)];
    case "points":
      return [pointTrace(mark, colour, index)];
    case "bars":
      return [{
        ...common(mark, index),
        type: "bar",
        x: mark.x,
        y: finite(mark.y),
        width: 0.62,
        marker: { color: colour, opacity: 0.85 },
        ...errors("error_y", mark.errorY, ink.text),
      }];
    case "rule":
      return [];
  }
}

function common(mark: Mark, index: number): Record<string, unknown> {
  return { name: mark.label, legendgroup: `${index}`, showlegend: !mark.unlisted && mark.label !== "" };
}

function lineTrace(mark: LineMark, colour: string, index: number): PlotlyTrace {
  const parts = ["lines", ...(mark.dots ? ["markers"] : []), ...(mark.texts ? ["text"] : [])];
  return {
    ...common(mark, index),
    type: "scatter",
    x: mark.x,
    y: finite(mark.y),
    mode: parts.join("+"),
    line: { color: colour, width: mark.width ?? 2, dash: mark.dash ?? "solid" },
    ...(mark.dots ? { marker: { color: colour, size: 6 } } : {}),
    ...texts(mark),
  };
}

function pointTrace(mark: PointMark, colour: string, index: number): PlotlyTrace {
  return {
    ...common(mark, index),
    type: "scatter",
    x: mark.x,
    y: finite(mark.y),
    mode: mark.texts ? "markers+text" : "markers",
    marker: {
      color: colour,
      size: mark.size ?? 9,
      symbol: SYMBOLS[mark.shape ?? "circle"],
      line: { color: mark.shape === "cross" ? colour : ink.paper, width: mark.shape === "cross" ? 2 : 0.8 },
    },
    ...texts(mark),
    ...errors("error_x", mark.errorX, colour),
    ...errors("error_y", mark.errorY, colour),
  };
}

function bandTraces(mark: LineMark, colour: string, index: number): PlotlyTrace[] {
  if (!mark.band) return [];
  const edge = { ...common(mark, index), showlegend: false, type: "scatter" as const, x: mark.x, mode: "lines" };
  const hidden = { line: { width: 0, color: colour }, hoverinfo: "skip" };
  return [
    { ...edge, ...hidden, y: finite(mark.band.low) },
    { ...edge, ...hidden, y: finite(mark.band.high), fill: "tonexty", fillcolor: translucent(colour, 0.16) },
  ];
}

function texts(mark: LineMark | PointMark): Record<string, unknown> {
  if (!mark.texts) return {};
  return { text: mark.texts, textposition: "top right", textfont: { size: 11, color: ink.soft } };
}

function errors(name: string, bars: readonly ErrorBar[] | undefined, colour: string): Record<string, unknown> {
  if (!bars) return {};
  const ends = bars.map(errorEnds);
  return {
    [name]: {
      type: "data",
      symmetric: false,
      array: finite(ends.map(({ above }) => above)),
      arrayminus: finite(ends.map(({ below }) => below)),
      color: colour,
      thickness: 1.3,
      width: 3,
    },
  };
}

/** JSON has no NaN: a gap is null. */
function finite(values: readonly number[]): (number | null)[] {
  return values.map((value) => Number.isFinite(value) ? value : null);
}
