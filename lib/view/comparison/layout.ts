import type { RasterSize } from "../../image/mod.ts";

/** A rectangle of the drawing. */
export interface Place extends RasterSize {
  /** Left end. */
  readonly x: number;
  /** Upper end. */
  readonly y: number;
}

/** Where one row of a comparison stands. */
export interface RowLayout {
  /** The whole image. */
  readonly whole: Place;
  /** Its crops, from left to right and line by line. */
  readonly cells: readonly Place[];
  /** Pixels of the drawing for a pixel of a crop. */
  readonly zoom: number;
  /** Right end. */
  readonly right: number;
  /** Lower end, with the names below the images. */
  readonly bottom: number;
}

/** Space between images, and around the drawing. */
export const GAP = 6;
/** Height of a name below an image. */
export const NAME = 20;

const CELL = 216; // width of a crop that nothing else decides
const WIDEST = 1.8; // of the whole image, width over the height of its row

/**
 * Lay out one row: the whole image at the left, as high as the lines of crops beside it.
 *
 * @param options.count How many crops.
 * @param options.columns Crops in a line.
 * @param options.zoom A whole number; by default as much as makes a crop about 216 wide.
 * @param options.top Upper end of the row.
 */
export function layOutRow(
  whole: RasterSize,
  crop: RasterSize,
  options: { readonly count: number; readonly columns: number; readonly zoom?: number; readonly top: number },
): RowLayout {
  const { count, columns, top } = options, zoom = options.zoom ?? Math.max(1, Math.round(CELL / crop.width));
  const width = crop.width * zoom, height = crop.height * zoom, lines = Math.ceil(count / columns);
  const total = lines * (height + NAME) + (lines - 1) * GAP - NAME;
  const scale = Math.min(total / whole.height, WIDEST * total / whole.width);
  const shown = { width: Math.round(whole.width * scale), height: Math.round(whole.height * scale) };
  const left = 2 * GAP + shown.width;
  const cells = Array.from({ length: count }, (_, i): Place => ({
    x: left + (i % columns) * (width + GAP),
    y: top + Math.floor(i / columns) * (height + NAME + GAP),
    width,
    height,
  }));
  return {
    whole: { x: GAP, y: top, ...shown },
    cells,
    zoom,
    right: left + Math.min(columns, count) * (width + GAP),
    bottom: top + total + NAME,
  };
}
