import type { FigureSpec } from "./figure_spec.ts";

/** Say a figure in a line, where nothing can be drawn. */
export function summarise({ title, x, y, marks }: FigureSpec): string {
  const names = marks.filter((mark) => !mark.unlisted && mark.label !== "").map((mark) => mark.label);
  return `Figure: ${title}. ${y.label} over ${x.label}${names.length > 0 ? `; ${names.join(", ")}` : ""}.`;
}
