import type { Dash, PointShape } from "./figure_spec.ts";

/**
 * Colours that people with any colour vision tell apart: those of Okabe and Ito (2008), blue and vermilion first, and
 * the muted scheme of Tol (2021) after them.
 */
export const palette: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#882255",
  "#999933",
  "#332288",
  "#44aa99",
  "#aa4499",
  "#6b6b6b",
];

/** Colours of text, lines and faces of a light page. */
export const ink = {
  text: "#1f2933",
  soft: "#5f6c7b",
  axis: "#9aa5b1",
  grid: "#e4e7eb",
  paper: "#ffffff",
} as const;

/** Shapes of points, in the order in which they are used. */
export const shapes: readonly PointShape[] = ["circle", "square", "diamond", "triangle", "cross", "star"];
/** Broken lines, in the order in which they are used. */
export const dashes: readonly Dash[] = ["solid", "dash", "dot", "dashdot"];

/** The colour of the n-th series, from 0; colours repeat after twelve. */
export function colourOf(index: number): string {
  return palette[index % palette.length];
}

/** The colour of a mark: its own, or that of its place. */
export function markColour(mark: { readonly colour?: string }, index: number): string {
  return mark.colour ?? colourOf(index);
}

/** A colour `#rrggbb` with an opacity, as CSS writes it. */
export function translucent(colour: string, opacity: number): string {
  const channels = [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
  return `rgba(${channels.join(",")},${opacity})`;
}
