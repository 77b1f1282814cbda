/** A trace of Plotly: https://plotly.com/javascript/reference/ names every field. */
export interface PlotlyTrace {
  /** Kind of trace. */
  readonly type: "scatter" | "bar";
  /** Places along the x axis. */
  readonly x: readonly number[];
  /** Places along the y axis; null is a gap. */
  readonly y: readonly (number | null)[];
  /** Everything else that Plotly knows. */
  readonly [field: string]: unknown;
}

/** A figure of Plotly as plain JSON. */
export interface PlotlyFigure {
  /** Traces, the last on top. */
  readonly data: readonly PlotlyTrace[];
  /** Axes, margins, shapes. */
  readonly layout: Readonly<Record<string, unknown>>;
}
