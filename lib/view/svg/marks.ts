import type { Dash, ErrorBar, LineMark, Mark, PointMark, PointShape } from "../figure_spec.ts";
import { ink, markColour } from "../palette.ts";
import { errorEnds } from "./range.ts";
import type { Scale } from "./scale.ts";
import { drawText, type LetterMode, pixel } from "./text.ts";

/** What marks are drawn on. */
export interface Canvas {
  readonly x: Scale;
  readonly y: Scale;
  /** Pixel edges of the plotting area. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly letters: LetterMode;
}

const DASHES: Readonly<Record<Dash, string>> = { solid: "", dash: "7 4", dot: "2 3.5", dashdot: "8 3 2 3" };

/** Draw a mark; `index` is its place in the figure, which gives its colour. */
export function drawMark(mark: Mark, index: number, canvas: Canvas): string {
  const colour = markColour(mark, index);
  switch (mark.kind) {
    case "line":
      return drawLine(mark, colour, canvas);
    case "points":
      return drawPoints(mark, colour, canvas);
    case "bars": {
      const width = 0.62 * Math.abs(canvas.x.place(1) - canvas.x.place(0)), zero = canvas.y.place(0);
      const bars = mark.x.map((x, i) => {
        const top = Math.min(zero, canvas.y.place(mark.y[i])), height = Math.abs(zero - canvas.y.place(mark.y[i]));
        const left = canvas.x.place(x) - width / 2;
        return `<rect x="${pixel(left)}" y="${pixel(top)}" width="${pixel(width)}" height="${pixel(height)}" ` +
          `fill="${colour}" fill-opacity="0.85"/>`;
      });
      return bars.join("") + errorBars(mark.x, mark.y, mark.errorY, "y", ink.text, canvas);
    }
    case "rule": {
      const [x1, x2, y1, y2] = mark.axis === "x"
        ? [canvas.x.place(mark.at), canvas.x.place(mark.at), canvas.top, canvas.bottom]
        : [canvas.left, canvas.right, canvas.y.place(mark.at), canvas.y.place(mark.at)];
      return `<line x1="${pixel(x1)}" y1="${pixel(y1)}" x2="${pixel(x2)}" y2="${pixel(y2)}" stroke="${colour}" ` +
        `stroke-width="1.2"${dashed(mark.dash)}/>`;
    }
  }
}

/** Draw a shape centred at a point. */
export function drawShape(shape: PointShape, x: number, y: number, size: number, colour: string): string {
  const r = size / 2, face = `fill="${colour}" stroke="#fff" stroke-width="0.8"`;
  const corners = (...points: [number, number][]) =>
    `<polygon points="${points.map(([dx, dy]) => `${pixel(x + dx)},${pixel(y + dy)}`).join(" ")}" ${face}/>`;
  switch (shape) {
    case "circle":
      return `<circle cx="${pixel(x)}" cy="${pixel(y)}" r="${pixel(r)}" ${face}/>`;
    case "square":
      return corners([-r, -r], [r, -r], [r, r], [-r, r]);
    case "diamond":
      return corners([0, -1.3 * r], [1.3 * r, 0], [0, 1.3 * r], [-1.3 * r, 0]);
    case "triangle":
      return corners([0, -1.2 * r], [1.15 * r, 0.9 * r], [-1.15 * r, 0.9 * r]);
    case "cross":
      return `<path d="M${pixel(x - r)} ${pixel(y - r)}l${size} ${size}m0 ${-size}l${-size} ${size}" fill="none" ` +
        `stroke="${colour}" stroke-width="2"/>`;
    case "star":
      return corners(...Array.from({ length: 10 }, (_, i): [number, number] => {
        const angle = Math.PI * (i / 5 - 0.5), radius = (i % 2 === 0 ? 1.5 : 0.62) * r;
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
      }));
  }
}

/** SVG attribute of a broken line. */
export function dashed(dash: Dash = "solid"): string {
  return DASHES[dash] === "" ? "" : ` stroke-dasharray="${DASHES[dash]}"`;
}

function drawLine(mark: LineMark, colour: string, canvas: Canvas): string {
  const { x, y } = canvas;
  const held = (i: number, value: number) => x.holds(mark.x[i]) && y.holds(value);
  const at = (i: number, value: number) => `${pixel(x.place(mark.x[i]))} ${pixel(y.place(value))}`;
  let pen = "M";
  const path = mark.y.map((value, i) => {
    if (!held(i, value)) return void (pen = "M");
    const step = `${pen}${at(i, value)}`;
    pen = "L";
    return step;
  }).join("");
  const inBand = mark.band
    ? mark.x.map((_, i) => i).filter((i) => held(i, mark.band!.low[i]) && held(i, mark.band!.high[i]))
    : [];
  const band = inBand.length < 2
    ? ""
    : `<path d="M${inBand.map((i) => at(i, mark.band!.high[i])).join("L")}L${
      inBand.reverse().map((i) => at(i, mark.band!.low[i])).join("L")
    }Z" fill="${colour}" fill-opacity="0.16"/>`;
  const dots = mark.dots
    ? mark.y.map((value, i) => held(i, value) ? drawShape("circle", x.place(mark.x[i]), y.place(value), 6, colour) : "")
    : [];
  return band +
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${mark.width ?? 2}" stroke-linejoin="round"${
      dashed(mark.dash)
    }/>` +
    dots.join("") + beside(mark, canvas, 5);
}

function drawPoints(mark: PointMark, colour: string, canvas: Canvas): string {
  const size = mark.size ?? 9;
  const shapes = mark.x.map((x, i) =>
    canvas.x.holds(x) && canvas.y.holds(mark.y[i])
      ? drawShape(mark.shape ?? "circle", canvas.x.place(x), canvas.y.place(mark.y[i]), size, colour)
      : ""
  );
  return errorBars(mark.x, mark.y, mark.errorX, "x", colour, canvas) +
    errorBars(mark.x, mark.y, mark.errorY, "y", colour, canvas) + shapes.join("") + beside(mark, canvas, size / 2 + 3);
}

function beside(mark: LineMark | PointMark, canvas: Canvas, distance: number): string {
  return (mark.texts ?? []).map((text, i) => {
    if (text === "" || !canvas.x.holds(mark.x[i]) || !canvas.y.holds(mark.y[i])) return "";
    const x = canvas.x.place(mark.x[i]) + distance, y = canvas.y.place(mark.y[i]) - distance + 1;
    return drawText(text, { x, y, size: 11, colour: ink.soft }, canvas.letters);
  }).join("");
}

function errorBars(
  x: readonly number[],
  y: readonly number[],
  errors: readonly ErrorBar[] | undefined,
  axis: "x" | "y",
  colour: string,
  canvas: Canvas,
): string {
  return (errors ?? []).map((error, i) => {
    const { below, above } = errorEnds(error), value = axis === "x" ? x[i] : y[i];
    const scale = canvas[axis], ends = [value - below, value + above];
    if (!ends.every(scale.holds) || (below === 0 && above === 0)) return "";
    const [from, to] = ends.map(scale.place), cross = axis === "x" ? canvas.y.place(y[i]) : canvas.x.place(x[i]);
    const path = axis === "x"
      ? `M${pixel(from)} ${pixel(cross)}H${pixel(to)}M${pixel(from)} ${pixel(cross - 3)}v6M${pixel(to)} ${
        pixel(cross - 3)
      }v6`
      : `M${pixel(cross)} ${pixel(from)}V${pixel(to)}M${pixel(cross - 3)} ${pixel(from)}h6M${pixel(cross - 3)} ${
        pixel(to)
      }h6`;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.3"/>`;
  }).join("");
}
