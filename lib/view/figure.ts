import { displayFigure } from "./jupyter/figure_display.ts";
import { type Displayable, displayable } from "./jupyter/displayable.ts";

/** How a line is broken. */
export type Dash = "solid" | "dash" | "dot" | "dashdot";
/** Shape of a point. */
export type PointShape = "circle" | "square" | "diamond" | "triangle" | "cross" | "star";

/** What every mark has. */
interface MarkBase {
  /** Name in the legend and when pointed at. */
  readonly label: string;
  /** CSS colour; by default the next of the palette. */
  readonly colour?: string;
  /** Left out of the legend. */
  readonly unlisted?: boolean;
}

/** A curve through points, with a band around it where one is given. */
export interface LineMark extends MarkBase {
  readonly kind: "line";
  readonly x: readonly number[];
  /** NaN interrupts the curve. */
  readonly y: readonly number[];
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly dash?: Dash;
  /** Width in pixels; 2 by default. */
  readonly width?: number;
  /** A dot at every point. */
  readonly dots?: boolean;
  /** A text beside every point. */
  readonly texts?: readonly string[];
}

/** Points, each with its error bars and text where given. */
export interface PointMark extends MarkBase {
  readonly kind: "points";
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly shape?: PointShape;
  /** Diameter in pixels; 9 by default. */
  readonly size?: number;
  /** Distance from the value to both ends of its error bar, or to each end. */
  readonly errorX?: readonly ErrorBar[];
  readonly errorY?: readonly ErrorBar[];
  /** A text beside every point. */
  readonly texts?: readonly string[];
}

/** Half length of an error bar, or its lengths below and above. */
export type ErrorBar = number | { readonly below: number; readonly above: number };

/** Vertical bars from zero; `x` is their place, named by the ticks of the axis. */
export interface BarMark extends MarkBase {
  readonly kind: "bars";
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly errorY?: readonly ErrorBar[];
}

/** A straight line across the figure, for instance at zero. */
export interface RuleMark extends MarkBase {
  readonly kind: "rule";
  readonly axis: "x" | "y";
  readonly at: number;
  readonly dash?: Dash;
}

/** Anything that a figure shows. */
export type Mark = LineMark | PointMark | BarMark | RuleMark;

/** One axis. */
export interface Axis {
  readonly label: string;
  readonly scale?: "linear" | "log";
  /** The values at the left and right (or lower and upper) end; by default those of the data with a margin. */
  readonly range?: readonly [number, number];
  /** Values grow to the left or downwards. */
  readonly reversed?: boolean;
  /** Named places instead of numbers. */
  readonly ticks?: readonly { readonly at: number; readonly text: string }[];
}

/** A figure as plain values: drawn as SVG, as PNG or by Plotly, always from these. */
export interface FigureSpec {
  readonly title: string;
  /** What to see in it, one or two sentences. */
  readonly caption?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Mark[];
  /** Pixels; 720 x 440 by default. */
  readonly width?: number;
  readonly height?: number;
}

/** A figure that a notebook shows as it is. */
export type Figure = FigureSpec & Displayable;

/**
 * Make a figure that a notebook can show: interactive, as PNG and as text.
 *
 * @throws {RangeError} If a mark's arrays differ in length.
 */
export function figure(spec: FigureSpec): Figure {
  for (const mark of spec.marks) checkMark(mark);
  return displayable({ ...spec }, () => displayFigure(spec));
}

function checkMark(mark: Mark): void {
  if (mark.kind === "rule") return;
  const others = [
    mark.y,
    ...(mark.kind === "line" ? [mark.band?.low, mark.band?.high, mark.texts] : [mark.errorY]),
    ...(mark.kind === "points" ? [mark.errorX, mark.texts] : []),
  ];
  const wrong = others.find((values) => values !== undefined && values.length !== mark.x.length);
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot draw "${mark.label}" as every array needs ${mark.x.length} values: current value is ${wrong.length}`,
    );
  }
}
