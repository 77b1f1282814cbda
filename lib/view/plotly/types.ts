/** A trace of Plotly: https://plotly.com/javascript/reference/ names every field. */
export interface PlotlyTrace {
  readonly type: "scatter" | "bar";
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  readonly [field: string]: unknown;
}

/** A figure of Plotly as plain JSON. */
export interface PlotlyFigure {
  readonly data: readonly PlotlyTrace[];
  readonly layout: Readonly<Record<string, unknown>>;
}
