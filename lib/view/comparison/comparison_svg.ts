import type { ComparisonCell, ComparisonRow, OverlayMark } from "../../experiment/mod.ts";
import { writeAtomic } from "../../core/mod.ts";
import {
  encodePng,
  letteringSvg,
  letteringWidth,
  type Raster,
  rasteriseSvg,
  repeatPixels,
  resizeBicubic,
  writePng,
} from "../../image/mod.ts";
import { escapeMarkup } from "../markup.ts";
import { kindColour, tinted } from "./colours.ts";
import { GAP, layOutRow, NAME, type Place, type RowLayout } from "./layout.ts";

/** How a comparison is laid out. */
export interface ComparisonLayout {
  /** Crops in a line; by default all up to five, or half of them. */
  readonly columns?: number;
  /** Whole factor by which pixels of crops are repeated; by default crops become about 216 wide. */
  readonly zoom?: number;
}

const BOX_COLOUR = "#e00000", LETTER = 9, MARK_LETTER = 7;

/**
 * Draw a comparison grid as an SVG document that holds its images (Figs. 1, 5, 9 to 13): in each row the whole image with the
 * box of the crop, and the crop as every folder has it, with what was found in it.
 *
 * The same images give the same bytes on every machine: names are pen strokes and need no font.
 *
 * @throws {RangeError} If there is no row.
 */
export async function comparisonSvg(rows: readonly ComparisonRow[], layout: ComparisonLayout = {}): Promise<string> {
  if (rows.length === 0) throw new RangeError("Cannot draw a comparison as it needs a row: current value is none");
  const parts: string[] = [];
  let top = GAP, right = 0;
  for (const row of rows) {
    const count = row.cells.length, columns = layout.columns ?? (count <= 5 ? count : Math.ceil(count / 2));
    const places = layOutRow(row.whole, row.box, { count, columns, zoom: layout.zoom, top });
    parts.push(await wholeImage(row, places));
    for (const [i, cell] of row.cells.entries()) parts.push(await cellImage(cell, places.cells[i], places.zoom));
    right = Math.max(right, places.right);
    top = places.bottom + GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${right}" height="${top}" viewBox="0 0 ${right} ${top}">` +
    `<rect width="${right}" height="${top}" fill="white"/>${parts.join("")}</svg>`;
}

/**
 * Write a comparison grid as `NAME.png` and `NAME.svg`.
 *
 * @param path With either ending.
 * @throws {InputOutputError} If a file cannot be written.
 */
export async function saveComparison(
  path: string,
  rows: readonly ComparisonRow[],
  layout: ComparisonLayout = {},
): Promise<void> {
  const svg = await comparisonSvg(rows, layout), stem = path.replace(/\.(png|svg)$/, "");
  await writeAtomic(`${stem}.svg`, svg);
  await writePng(`${stem}.png`, await rasteriseSvg(svg));
}

async function wholeImage({ name, whole, box }: ComparisonRow, { whole: place }: RowLayout): Promise<string> {
  const x = (column: number) => place.x + Math.round(column * place.width / whole.width); // whole pixels: sharp lines
  const y = (row: number) => place.y + Math.round(row * place.height / whole.height);
  const cropped = box.width < whole.width || box.height < whole.height;
  const rectangle = (colour: string, width: number) =>
    `<rect x="${x(box.left)}" y="${y(box.top)}" width="${x(box.left + box.width) - x(box.left)}" ` +
    `height="${y(box.top + box.height) - y(box.top)}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  return await imageSvg(resizeBicubic(whole, { width: place.width, height: place.height }), place) +
    (cropped ? rectangle("white", 4) + rectangle(BOX_COLOUR, 2) : "") + nameSvg(name, place);
}

async function cellImage({ name, image, overlay }: ComparisonCell, place: Place, zoom: number): Promise<string> {
  const shown = overlay.kinds === null ? image : tinted(image, overlay.kinds);
  const clip = `clip-${place.x}-${place.y}`;
  const marks = overlay.marks.map((mark) => outline(mark, place, zoom)).join("") +
    overlay.marks.map((mark) => caption(mark, place, zoom)).join("");
  return await imageSvg(repeatPixels(shown, zoom), place) +
    (marks === "" ? "" : `<clipPath id="${clip}"><rect x="${place.x}" y="${place.y}" width="${place.width}" ` +
      `height="${place.height}"/></clipPath><g clip-path="url(#${clip})">${marks}</g>`) +
    nameSvg(name, place);
}

function outline({ points, kind }: OverlayMark, { x, y }: Place, zoom: number): string {
  const corners = points.map(([px, py]) => `${round(x + px * zoom)},${round(y + py * zoom)}`).join(" ");
  const line = (colour: string, width: number) =>
    `<polygon points="${corners}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`;
  return line("white", 3.5) + line(kindColour(kind), 2);
}

/** The text of a mark, on its colour, above its upper left corner and inside the image. */
function caption({ points, kind, label }: OverlayMark, place: Place, zoom: number): string {
  if (label === "") return "";
  const width = letteringWidth(label, MARK_LETTER) + 6, height = MARK_LETTER + 6;
  const left = place.x + Math.min(...points.map(([x]) => x)) * zoom;
  const top = place.y + Math.min(...points.map(([, y]) => y)) * zoom - height;
  const x = Math.max(place.x, Math.min(left, place.x + place.width - width));
  const y = Math.max(place.y, Math.min(top, place.y + place.height - height));
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" fill="${
    kindColour(kind)
  }"/>` + letteringSvg(label, { x: x + 3, y: y + height - 3, size: MARK_LETTER, colour: "white" });
}

async function imageSvg(image: Raster, { x, y, width, height }: Place): Promise<string> {
  const data = (await encodePng(image)).toBase64();
  return `<image x="${x}" y="${y}" width="${width}" height="${height}" href="data:image/png;base64,${data}"/>`;
}

/** A name below an image, smaller where it is long. */
function nameSvg(name: string, { x, y, width, height }: Place): string {
  const size = LETTER * Math.min(1, width / Math.max(letteringWidth(name, LETTER), 1));
  return `<g role="img" aria-label="${escapeMarkup(name)}">${
    letteringSvg(name, { x: x + width / 2, y: y + height + NAME - 6, size, anchor: "middle" })
  }</g>`;
}

function round(value: number): string {
  return String(Math.round(100 * value) / 100);
}
