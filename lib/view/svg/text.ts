import { letteringSvg, letteringWidth } from "../../image/mod.ts";
import { escapeMarkup } from "../markup.ts";

/** How letters are drawn: by the page's fonts, or as pen strokes that need none (for PNG files). */
export type LetterMode = "fonts" | "strokes";

/** Where and how a text is written. */
export interface TextStyle {
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  /** Font size in pixels. */
  readonly size: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly colour: string;
  readonly bold?: boolean;
  /** Degrees, clockwise about (x, y). */
  readonly rotate?: number;
}

const CAPITAL = 0.7; // height of capitals of a font size
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
const PLAIN = "0123456789−";

/** Write a text as SVG. */
export function drawText(text: string, style: TextStyle, letters: LetterMode): string {
  const { x, y, size, anchor = "start", colour, bold, rotate } = style;
  const turn = rotate === undefined ? "" : ` transform="rotate(${rotate} ${pixel(x)} ${pixel(y)})"`;
  if (letters === "fonts") {
    const weight = bold ? ` font-weight="600"` : "";
    return `<text x="${pixel(x)}" y="${pixel(y)}" font-size="${size}" text-anchor="${anchor}" fill="${colour}"` +
      `${weight}${turn}>${escapeMarkup(text)}</text>`;
  }
  let pen = x - { start: 0, middle: 0.5, end: 1 }[anchor] * textWidth(text, size);
  const drawn = runs(text).map(({ letters, raised }) => {
    const height = (raised ? 0.65 : 1) * CAPITAL * size;
    const run = letteringSvg(letters, { x: pen, y: raised ? y - 0.35 * size : y, size: height, colour });
    pen += letteringWidth(letters, height) + 0.08 * size;
    return run;
  });
  return turn === "" ? drawn.join("") : `<g${turn}>${drawn.join("")}</g>`;
}

const BROAD = 1.12; // a page's fonts may be broader than the pen strokes

/** Space that a text needs in a layout, in pixels. */
export function textSpace(text: string, size: number): number {
  return BROAD * textWidth(text, size);
}

function textWidth(text: string, size: number): number {
  return runs(text).reduce(
    (sum, { letters, raised }, i) =>
      sum + letteringWidth(letters, (raised ? 0.65 : 1) * CAPITAL * size) + (i > 0 ? 0.08 * size : 0),
    0,
  );
}

/** A coordinate with two decimals at most. */
export function pixel(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** Parts of a text on the line and above it: the pen has no glyphs of its own for superscripts. */
function runs(text: string): { readonly letters: string; readonly raised: boolean }[] {
  const parts = text.match(new RegExp(`[${SUPERSCRIPTS}]+|[^${SUPERSCRIPTS}]+`, "g")) ?? [];
  return parts.map((part) => {
    const raised = SUPERSCRIPTS.includes(part[0]);
    return { raised, letters: raised ? [...part].map((c) => PLAIN[SUPERSCRIPTS.indexOf(c)]).join("") : part };
  });
}
