import type { Results } from "../../experiment/mod.ts";
import type { Dash, PointShape } from "../figure_spec.ts";
import { colourOf, dashes, ink, shapes } from "../palette.ts";

/** How one arm looks in every figure of a run. */
export interface Appearance {
  /** CSS colour. */
  readonly colour: string;
  /** Of its points. */
  readonly shape: PointShape;
  /** Of its lines. */
  readonly dash: Dash;
}

/** The paper's own arms keep their looks in every experiment; the reference is dark gray. */
const FIXED: Readonly<Record<string, Appearance>> = {
  truth: { colour: "#000000", shape: "circle", dash: "solid" },
  bicubic: { colour: ink.axis, shape: "cross", dash: "dot" },
  sft: { colour: "#52606d", shape: "circle", dash: "solid" },
  "sobolev-asdpo": { colour: colourOf(0), shape: "star", dash: "solid" },
  "euclidean-asdpo": { colour: colourOf(1), shape: "square", dash: "solid" },
};

/** Give every trained arm of a run a colour, a shape and a dash of its own, the same in all its figures. */
export function appearances(results: Results): (id: string) => Appearance {
  const free = results.points.filter(({ kind, id }) => kind === "arm" && !(id in FIXED)).map(({ id }) => id);
  // The first two colours belong to the paper's arms.
  return (id) => FIXED[id] ?? place(free.indexOf(id) + 2);
}

function place(index: number): Appearance {
  return {
    colour: colourOf(index),
    shape: shapes[index % shapes.length],
    dash: dashes[Math.floor(index / 5) % dashes.length],
  };
}
