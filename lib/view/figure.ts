import type { FigureSpec, Mark } from "./figure_spec.ts";
import { type Displayable, displayable } from "./jupyter/displayable.ts";
import { displayFigure } from "./jupyter/figure_display.ts";

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
