import type { Axis, FigureSpec, RuleMark } from "../figure_spec.ts";
import { ink } from "../palette.ts";
import { axisRange } from "../svg/range.ts";
import { logScale } from "../svg/scale.ts";
import { tickTexts } from "../svg/ticks.ts";
import { tracesOf } from "./traces.ts";
import type { PlotlyFigure } from "./types.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif";

/** What Plotly itself draws. */
export interface PlotlyOptions {
  /** Title and legend; true by default. A page may have its own. */
  readonly labelled?: boolean;
}

/**
 * Turn a figure into plain JSON for Plotly: the same marks, colours and ranges as its SVG, to be zoomed and read off.
 */
export function plotlyFigure(spec: FigureSpec, { labelled = true }: PlotlyOptions = {}): PlotlyFigure {
  const rules = spec.marks.filter((mark) => mark.kind === "rule");
  return {
    data: spec.marks.flatMap(tracesOf),
    layout: {
      ...(labelled ? { title: titleLayout(spec.title) } : {}),
      font: { family: FONT, size: 12, color: ink.text },
      paper_bgcolor: ink.paper,
      plot_bgcolor: ink.paper,
      height: spec.height ?? 440,
      margin: { l: 66, r: 20, t: labelled && spec.title !== "" ? 46 : 28, b: 54 },
      xaxis: axisLayout(spec, "x"),
      yaxis: axisLayout(spec, "y"),
      showlegend: labelled,
      legend: { orientation: "h", yref: "paper", y: -0.2, yanchor: "top", x: 0, font: { size: 12 } },
      hovermode: "closest",
      hoverlabel: { font: { family: FONT } },
      shapes: rules.map(ruleShape),
    },
  };
}

function titleLayout(text: string): Record<string, unknown> {
  return { text, x: 0, xref: "paper", yref: "container", y: 0.97, font: { size: 15, color: ink.text } };
}

function axisLayout(spec: FigureSpec, which: "x" | "y"): Record<string, unknown> {
  const axis: Axis = spec[which], log = axis.scale === "log";
  const values = axisRange(spec, which), range = values.map((value) => log ? Math.log10(value) : value);
  // Plotly's own ticks of a short log axis are bare digits.
  const ticks = axis.ticks ?? (log ? tickTexts(logScale({ values, pixels: [0, 1] }, 8)) : undefined);
  return {
    title: { text: axis.label, standoff: 10, font: { size: 13 } },
    type: log ? "log" : "linear",
    range,
    automargin: true,
    gridcolor: ink.grid,
    linecolor: ink.axis,
    tickfont: { color: ink.soft },
    zeroline: false,
    showline: true,
    ...(ticks
      ? { tickmode: "array", tickvals: ticks.map(({ at }) => at), ticktext: ticks.map(({ text }) => text) }
      : {}),
  };
}

function ruleShape({ axis, at, colour, dash }: RuleMark): Record<string, unknown> {
  const along = axis === "x"
    ? { x0: at, x1: at, y0: 0, y1: 1, yref: "paper" }
    : { y0: at, y1: at, x0: 0, x1: 1, xref: "paper" };
  return { type: "line", ...along, line: { color: colour ?? ink.axis, width: 1.2, dash: dash ?? "solid" } };
}
