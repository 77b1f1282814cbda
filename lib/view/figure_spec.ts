/** How a line is broken. */
export type Dash = "solid" | "dash" | "dot" | "dashdot";
/** Shape of a point. */
export type PointShape = "circle" | "square" | "diamond" | "triangle" | "cross" | "star";

/** What every mark has. */
export interface MarkBase {
  /** Name in the legend and when pointed at. */
  readonly label: string;
  /** CSS colour; by default the next of the palette. */
  readonly colour?: string;
  /** Left out of the legend. */
  readonly unlisted?: boolean;
}

/** A curve through points, with a band around it where one is given. */
export interface LineMark extends MarkBase {
  /** A curve. */
  readonly kind: "line";
  /** Places along the x axis. */
  readonly x: readonly number[];
  /** NaN interrupts the curve. */
  readonly y: readonly number[];
  /** Lower and upper edge of the band. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  /** How it is broken; solid by default. */
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
  /** Points. */
  readonly kind: "points";
  /** Places along the x axis. */
  readonly x: readonly number[];
  /** Places along the y axis. */
  readonly y: readonly number[];
  /** A circle by default. */
  readonly shape?: PointShape;
  /** Diameter in pixels; 9 by default. */
  readonly size?: number;
  /** Distance from the value to both ends of its error bar, or to each end. */
  readonly errorX?: readonly ErrorBar[];
  /** The same along the y axis. */
  readonly errorY?: readonly ErrorBar[];
  /** A text beside every point. */
  readonly texts?: readonly string[];
}

/** Half length of an error bar, or its lengths below and above. */
export type ErrorBar = number | { readonly below: number; readonly above: number };

/** Vertical bars from zero; `x` is their place, named by the ticks of the axis. */
export interface BarMark extends MarkBase {
  /** Bars. */
  readonly kind: "bars";
  /** Places along the x axis. */
  readonly x: readonly number[];
  /** Heights, which may be negative. */
  readonly y: readonly number[];
  /** Error bar of every height. */
  readonly errorY?: readonly ErrorBar[];
}

/** A straight line across the figure, for instance at zero. */
export interface RuleMark extends MarkBase {
  /** A rule. */
  readonly kind: "rule";
  /** The axis that it stands on. */
  readonly axis: "x" | "y";
  /** Its value on that axis. */
  readonly at: number;
  /** How it is broken; solid by default. */
  readonly dash?: Dash;
}

/** Anything that a figure shows. */
export type Mark = LineMark | PointMark | BarMark | RuleMark;

/** One axis. */
export interface Axis {
  /** What it measures, with the unit. */
  readonly label: string;
  /** Linear by default. */
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
  /** Stands above; may be empty. */
  readonly title: string;
  /** What to see in it, one or two sentences. */
  readonly caption?: string;
  /** Across. */
  readonly x: Axis;
  /** Upwards. */
  readonly y: Axis;
  /** Drawn in order, the last on top. */
  readonly marks: readonly Mark[];
  /** Pixels; 720 x 440 by default. */
  readonly width?: number;
  /** Pixels. */
  readonly height?: number;
}
