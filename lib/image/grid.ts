import { letteringSvg, letteringWidth } from "./lettering.ts";
import { createRaster, type Raster, type RasterSize, toRgb } from "./raster.ts";
import { repeatPixels } from "./repeat.ts";
import { rasteriseSvg } from "./svg.ts";

/** Options of {@link composeGrid}. */
export interface GridOptions {
  /** Texts above the columns and left of the rows. */
  readonly labels?: { readonly columns?: readonly string[]; readonly rows?: readonly string[] };
  /** White pixels between cells and around the grid; 4 by default. */
  readonly gap?: number;
  /** Whole factor by which every pixel is enlarged; 1 by default. */
  readonly zoom?: number;
}

const LABEL_SIZE = 10; // px, height of capitals
const GAP = 4; // px

/** Where the images of a grid stand. */
export interface GridPlaces {
  /** Sides of every cell. */
  readonly cell: RasterSize;
  /** How many columns there are. */
  readonly columns: number;
  /** First column of the first cell; the next one is a cell and a gap further. */
  readonly left: number;
  /** First row of the first cell. */
  readonly top: number;
}

/**
 * Tell where {@link composeGrid} puts images.
 *
 * @throws {RangeError} If there is no image.
 */
export function gridPlaces(
  rows: readonly (readonly RasterSize[])[],
  { labels = {}, gap = GAP, zoom = 1 }: GridOptions = {},
): GridPlaces {
  const images = rows.flat();
  if (images.length === 0) throw new RangeError("Cannot compose grid as it needs an image: current value is 0");
  const names = labels.rows ?? [], widest = Math.max(0, ...names.map((name) => letteringWidth(name, LABEL_SIZE)));
  return {
    cell: {
      width: zoom * Math.max(...images.map((r) => r.width)),
      height: zoom * Math.max(...images.map((r) => r.height)),
    },
    columns: Math.max(...rows.map((row) => row.length)),
    left: (names.length === 0 ? 0 : Math.ceil(widest) + gap + 1) + gap,
    top: (labels.columns?.length ? 2 * LABEL_SIZE : 0) + gap,
  };
}

/**
 * Put images side by side on white, with labels. The same images give the same pixels on every machine.
 *
 * A cell is as large as the largest image; a smaller one (such as the LR image beside the HR image) is enlarged by the
 * largest whole factor that fits, pixels repeated, and centred.
 *
 * @param rows Images by row; rows may differ in length.
 * @param options Labels, gap and zoom. A label too long for its column is written smaller.
 * @returns RGB image.
 * @throws {RangeError} If there is no image.
 */
export async function composeGrid(
  rows: readonly (readonly Raster[])[],
  { labels = {}, gap = GAP, zoom = 1 }: GridOptions = {},
): Promise<Raster> {
  const { cell, columns, left, top } = gridPlaces(rows, { labels, gap, zoom });
  const rowNames = labels.rows ?? [], columnNames = labels.columns ?? [];
  const xOf = (column: number) => left + column * (cell.width + gap);
  const yOf = (row: number) => top + row * (cell.height + gap);

  const above = columnNames.map((name, i) => {
    const size = LABEL_SIZE * Math.min(1, cell.width / Math.max(letteringWidth(name, LABEL_SIZE), 1));
    return letteringSvg(name, { x: xOf(i) + cell.width / 2, y: top - gap - 0.4 * LABEL_SIZE, size, anchor: "middle" });
  });
  const beside = rowNames.map((name, i) =>
    letteringSvg(name, { x: gap, y: yOf(i) + (cell.height + LABEL_SIZE) / 2, size: LABEL_SIZE })
  );
  const grid = await blank({ width: xOf(columns), height: yOf(rows.length) }, above.join("") + beside.join(""));
  rows.forEach((row, y) =>
    row.forEach((r, x) => paste(grid, enlarge(toRgb(r), cell), { ...cell, left: xOf(x), top: yOf(y) }))
  );
  return grid;
}

async function blank(size: { width: number; height: number }, drawing: string): Promise<Raster> {
  if (drawing === "") {
    const white = createRaster(size);
    white.data.fill(1);
    return white;
  }
  const { width, height } = size;
  return await rasteriseSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawing}</svg>`,
  );
}

function enlarge(r: Raster, cell: { width: number; height: number }): Raster {
  return repeatPixels(r, Math.floor(Math.min(cell.width / r.width, cell.height / r.height)));
}

function paste(grid: Raster, r: Raster, cell: { left: number; top: number; width: number; height: number }): void {
  const left = cell.left + Math.floor((cell.width - r.width) / 2);
  const top = cell.top + Math.floor((cell.height - r.height) / 2);
  for (let y = 0; y < r.height; y++) {
    const row = r.data.subarray(y * r.width * 3, (y + 1) * r.width * 3);
    grid.data.set(row, ((top + y) * grid.width + left) * 3);
  }
}
