import type { Axis, FigureSpec } from "../figure_spec.ts";
import { ink } from "../palette.ts";
import { layOutLegend } from "./legend.ts";
import { type Canvas, drawMark } from "./marks.ts";
import { axisRange } from "./range.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";
import { type Tick, tickTexts } from "./ticks.ts";
import { drawText, type LetterMode, pixel, textSpace } from "./text.ts";

const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const TICK = 12, LABEL = 13, TITLE = 15;

/**
 * Draw a figure as an SVG document: axes, ticks, grid, marks and a legend below.
 *
 * The same figure gives the same text on every machine.
 *
 * @param letters `fonts` for a page, `strokes` where the drawing becomes pixels.
 */
export function figureSvg(spec: FigureSpec, letters: LetterMode = "fonts"): string {
  const { width = 720, height = 440 } = spec;
  const legend = layOutLegend(spec.marks, width - 40);
  const top = spec.title === "" ? 16 : 42, bottom = height - 52 - legend.height - (legend.height > 0 ? 10 : 0);
  const y = scaleOf(spec, "y", [bottom, top], Math.max(3, (bottom - top) / 48));
  const yTexts = ticksOf(spec.y, y), widest = Math.max(...yTexts.map(({ text }) => textSpace(text, TICK)), 0);
  const left = Math.max(52, 36 + widest), right = width - 22;
  const x = scaleOf(spec, "x", [left, right], Math.max(3, (right - left) / 86));
  const canvas: Canvas = { x, y, left, right, top, bottom, letters };
  const clip = `clip${clipId(spec)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${FONT}" role="img">` +
    `<rect width="${width}" height="${height}" fill="${ink.paper}"/>` +
    drawText(spec.title, { x: left, y: 24, size: TITLE, colour: ink.text, bold: true }, letters) +
    frame(spec, canvas, yTexts) +
    `<clipPath id="${clip}"><rect x="${pixel(left)}" y="${pixel(top)}" width="${pixel(right - left)}" ` +
    `height="${pixel(bottom - top)}"/></clipPath>` +
    `<g clip-path="url(#${clip})">${spec.marks.map((mark, i) => drawMark(mark, i, canvas)).join("")}</g>` +
    legend.draw(left, height - legend.height - 8, letters) + "</svg>";
}

function scaleOf(spec: FigureSpec, which: "x" | "y", pixels: [number, number], wanted: number): Scale {
  const range = { values: axisRange(spec, which), pixels };
  return spec[which].scale === "log" ? logScale(range, wanted) : linearScale(range, wanted);
}

function ticksOf(axis: Axis, scale: Scale): readonly Tick[] {
  return axis.ticks ?? tickTexts(scale);
}

/** Grid, axis lines, ticks and the names of the axes. */
function frame(spec: FigureSpec, canvas: Canvas, yTexts: readonly Tick[]): string {
  const { x, y, left, right, top, bottom, letters } = canvas;
  const line = (x1: number, y1: number, x2: number, y2: number, colour: string) =>
    `<line x1="${pixel(x1)}" y1="${pixel(y1)}" x2="${pixel(x2)}" y2="${pixel(y2)}" stroke="${colour}"/>`;
  const across = yTexts.map(({ at, text }) => {
    const place = y.place(at);
    return line(left, place, right, place, ink.grid) +
      drawText(text, { x: left - 8, y: place + 4, size: TICK, anchor: "end", colour: ink.soft }, letters);
  });
  const down = ticksOf(spec.x, x).map(({ at, text }) => {
    const place = x.place(at);
    return line(place, top, place, bottom, ink.grid) +
      drawText(text, { x: place, y: bottom + 18, size: TICK, anchor: "middle", colour: ink.soft }, letters);
  });
  const middle = (top + bottom) / 2;
  return across.join("") + down.join("") + line(left, bottom, right, bottom, ink.axis) +
    line(left, top, left, bottom, ink.axis) +
    drawText(
      spec.x.label,
      { x: (left + right) / 2, y: bottom + 40, size: LABEL, anchor: "middle", colour: ink.text },
      letters,
    ) +
    drawText(spec.y.label, { x: 18, y: middle, size: LABEL, anchor: "middle", colour: ink.text, rotate: -90 }, letters);
}

/** Distinguishes the clip paths of several drawings in one page; FNV-1a of the title and size. */
function clipId(spec: FigureSpec): string {
  let hash = 0x811C9DC5;
  for (const letter of `${spec.title}|${spec.x.label}|${spec.y.label}|${spec.width}|${spec.height}`) {
    hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
