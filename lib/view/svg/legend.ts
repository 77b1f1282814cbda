import type { Mark } from "../figure_spec.ts";
import { ink, markColour } from "../palette.ts";
import { dashed, drawShape } from "./marks.ts";
import { drawText, type LetterMode, pixel, textSpace } from "./text.ts";

const SIZE = 12, ROW = 20, KEY = 26, GAP = 18;

/** A legend laid out in rows. */
export interface Legend {
  readonly height: number;
  /** Draw it with its upper left corner at a place. */
  readonly draw: (x: number, y: number, letters: LetterMode) => string;
}

/** Lay out the legend of a figure's marks in rows no wider than `width`; empty for a single unnamed mark. */
export function layOutLegend(marks: readonly Mark[], width: number): Legend {
  const entries = marks.map((mark, index) => ({ mark, colour: markColour(mark, index) }))
    .filter(({ mark }) => !mark.unlisted && mark.label !== "");
  let x = 0, row = 0;
  const placed = entries.map(({ mark, colour }) => {
    const length = KEY + textSpace(mark.label, SIZE);
    if (x > 0 && x + length > width) [x, row] = [0, row + 1];
    const at = { mark, colour, x, row };
    x += length + GAP;
    return at;
  });
  return {
    height: entries.length === 0 ? 0 : (row + 1) * ROW,
    draw: (left, top, letters) =>
      placed.map(({ mark, colour, x, row }) => {
        const middle = top + row * ROW + ROW / 2;
        return key(mark, colour, left + x, middle) +
          drawText(mark.label, { x: left + x + KEY, y: middle + 4, size: SIZE, colour: ink.text }, letters);
      }).join(""),
  };
}

/** Draw the sign of a mark, about 19 px wide, with the middle of its left end at a place. */
export function key(mark: Mark, colour: string, x: number, y: number): string {
  const line = (width: number, dash: string) =>
    `<line x1="${pixel(x)}" y1="${pixel(y)}" x2="${pixel(x + KEY - 7)}" y2="${pixel(y)}" stroke="${colour}" ` +
    `stroke-width="${width}"${dash}/>`;
  switch (mark.kind) {
    case "points":
      return drawShape(mark.shape ?? "circle", x + 9, y, 9, colour);
    case "bars":
      return `<rect x="${pixel(x + 3)}" y="${pixel(y - 5)}" width="12" height="10" fill="${colour}"/>`;
    case "rule":
      return line(1.2, dashed(mark.dash));
    case "line":
      return line(mark.width ?? 2, dashed(mark.dash)) + (mark.dots ? drawShape("circle", x + 9.5, y, 6, colour) : "");
  }
}
