import { GLYPHS, MISSING_GLYPH } from "./glyphs.ts";

const CAP_HEIGHT = 14; // of the glyphs' own units
const SPACING = 3.4;

/** Where and how {@link letteringSvg} writes. */
export interface Lettering {
  /** Left end, middle or right end of the text, by `anchor`. */
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  /** Height of capitals. */
  readonly size: number;
  /** What `x` is; `start` by default. */
  readonly anchor?: "start" | "middle" | "end";
  /** Colour of the pen; black by default. */
  readonly colour?: string;
}

/**
 * Measure the width of a text.
 *
 * @param text One line.
 * @param size Height of capitals.
 * @returns Width in the units of `size`; 0 for an empty text.
 */
export function letteringWidth(text: string, size: number): number {
  const letters = [...text];
  const units = letters.reduce((sum, letter) => sum + glyph(letter)[0] + SPACING, 0);
  return letters.length === 0 ? 0 : (units - SPACING) * size / CAP_HEIGHT;
}

/**
 * Write a text as pen strokes, in SVG. It needs no font, so a machine without any draws it, and the same pixels come out
 * everywhere. ASCII and the usual symbols; another character becomes a box.
 *
 * @param text One line.
 * @param at Position, size and colour.
 * @returns An SVG group.
 */
export function letteringSvg(text: string, { x, y, size, anchor = "start", colour = "black" }: Lettering): string {
  const shift = { start: 0, middle: 0.5, end: 1 }[anchor] * letteringWidth(text, size);
  const scale = size / CAP_HEIGHT;
  let pen = 0;
  const strokes = [...text].map((letter) => {
    const [width, path] = glyph(letter);
    const drawn = `<path transform="translate(${pen.toFixed(2)} 0)" d="${path}"/>`;
    pen += width + SPACING;
    return path === "" ? "" : drawn;
  }).join("");
  return `<g transform="translate(${(x - shift).toFixed(3)} ${(y - size).toFixed(3)}) scale(${scale.toFixed(5)})" ` +
    `fill="none" stroke="${colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${strokes}</g>`;
}

function glyph(letter: string): readonly [width: number, strokes: string] {
  return GLYPHS[letter] ?? MISSING_GLYPH;
}
