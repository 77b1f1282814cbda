import type { TileGrid } from "../../lib/flow/mod.ts";
import type { Raster } from "../../lib/image/mod.ts";

/** Mean of a quantity where tiles begin or end inside the image, and everywhere else. */
export interface AtBorders {
  readonly borders: number;
  readonly elsewhere: number;
}

/** Columns (or rows) at which a tile begins, and those at which one ended just before. */
function lines({ starts, tile, length }: TileGrid["rows"]): Set<number> {
  const all = starts.flatMap((start) => [start, start + tile]);
  return new Set(all.filter((at) => at > 0 && at < length));
}

/** Mean absolute difference between neighbouring pixels, across the lines where tiles begin or end and across all others. */
export function gradients(image: Raster, grid: TileGrid): AtBorders {
  const { width, height, channels, data } = image, stride = width * channels;
  const rows = lines(grid.rows), columns = lines(grid.columns);
  const sums = { borders: 0, elsewhere: 0 }, counts = { borders: 0, elsewhere: 0 };
  const count = (border: boolean, difference: number) => {
    const key = border ? "borders" : "elsewhere";
    sums[key] += Math.abs(difference);
    counts[key]++;
  };
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const at = y * stride + x * channels;
      for (let c = 0; c < channels; c++) {
        count(columns.has(x), data[at + c] - data[at + c - channels]);
        count(rows.has(y), data[at + c] - data[at + c - stride]);
      }
    }
  }
  return { borders: sums.borders / counts.borders, elsewhere: sums.elsewhere / counts.elsewhere };
}

/** Mean absolute difference of two images within `reach` pixels of the lines where tiles begin or end, and elsewhere. */
export function errors(a: Raster, b: Raster, grid: TileGrid, reach: number): AtBorders {
  const { width, height, channels } = a;
  const near = (lines: Set<number>, at: number) =>
    [...Array(2 * reach).keys()].some((k) => lines.has(at - reach + 1 + k));
  const mark = (axis: TileGrid["rows"], length: number) => {
    const borders = lines(axis);
    return Array.from({ length }, (_, at) => near(borders, at));
  };
  const rows = mark(grid.rows, height), columns = mark(grid.columns, width);
  const sums = { borders: 0, elsewhere: 0 }, counts = { borders: 0, elsewhere: 0 };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const key = rows[y] || columns[x] ? "borders" : "elsewhere";
      for (let c = 0; c < channels; c++, at++) sums[key] += Math.abs(a.data[at] - b.data[at]);
      counts[key] += channels;
    }
  }
  return { borders: sums.borders / counts.borders, elsewhere: sums.elsewhere / counts.elsewhere };
}
