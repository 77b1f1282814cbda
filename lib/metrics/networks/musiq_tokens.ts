import { interpolate, type Raster } from "../../image/mod.ts";

/** Side of a patch. */
export const PATCH = 32;
/** Cells of the grid of positions along a side. */
export const GRID = 10;
/** Longer sides of the small views; the image itself is the last view. */
const VIEWS = [224, 384] as const;

/** Patches of all views of an image, with where each lies. */
export interface MusiqTokens {
  /** Patches in [-1, 1]. `[N, 32, 32, 3]` */
  readonly patches: Float32Array;
  /** Cell of the grid of positions, row by row. `[N]` */
  readonly cells: Int32Array;
  /** View: 0 = 224, 1 = 384, 2 = the image itself. `[N]` */
  readonly scales: Int32Array;
}

/**
 * Cut an image and two small views of it into patches, view by view, row by row (Ke et al. 2021).
 *
 * The views' longer sides are 224 and 384, the other side in proportion (half to even), resized as PyTorch's bicubic
 * without antialiasing: what the published PyTorch weights are used with. The authors' TensorFlow code resizes with
 * Gaussian weights, and its scores differ by about 2 %.
 *
 * @param image RGB in [0, 1].
 * @returns As many patches as there are; nothing is padded to a fixed number, as padding is masked in every layer.
 */
export function musiqTokens(image: Raster): MusiqTokens {
  const longer = Math.max(image.width, image.height);
  const small = VIEWS.map((side) => {
    const scaled = (length: number) => Math.max(1, roundHalfToEven(length * side / longer));
    return interpolate(image, "bicubic", { width: scaled(image.width), height: scaled(image.height) });
  });
  const views = [...small, image].map(cutPatches);
  return {
    patches: join(views.map(({ patches }) => patches), Float32Array),
    cells: join(views.map(({ cells }) => cells), Int32Array),
    scales: join(views.map(({ cells }, scale) => new Int32Array(cells.length).fill(scale)), Int32Array),
  };
}

/**
 * Say in which cell of the grid every patch of a view lies: its row times 10 and its column, nearest from below.
 *
 * @param rows Patches from top to bottom.
 * @param columns Patches from left to right.
 * @returns Row by row. `[rows * columns]`
 */
export function gridCells(rows: number, columns: number): Int32Array {
  // PyTorch's nearest interpolation scales in float32.
  const cell = (index: number, count: number) => Math.floor(Math.fround(index * Math.fround(GRID / count)));
  return Int32Array.from({ length: rows * columns }, (_, i) => {
    return cell(Math.floor(i / columns), rows) * GRID + cell(i % columns, columns);
  });
}

function cutPatches(view: Raster): { patches: Float32Array; cells: Int32Array } {
  const rows = Math.ceil(view.height / PATCH), columns = Math.ceil(view.width / PATCH);
  // Zeros (mid gray) around the view, as TensorFlow's SAME: the odd one right and below.
  const above = Math.floor((rows * PATCH - view.height) / 2), left = Math.floor((columns * PATCH - view.width) / 2);
  const patches = new Float32Array(rows * columns * PATCH * PATCH * 3);
  for (let y = 0; y < view.height; y++) {
    for (let x = 0; x < view.width; x++) {
      const row = y + above, column = x + left;
      const patch = Math.floor(row / PATCH) * columns + Math.floor(column / PATCH);
      const to = ((patch * PATCH + row % PATCH) * PATCH + column % PATCH) * 3, from = (y * view.width + x) * 3;
      for (let c = 0; c < 3; c++) patches[to + c] = 2 * view.data[from + c] - 1;
    }
  }
  return { patches, cells: gridCells(rows, columns) };
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + below % 2 : Math.round(value);
}

function join<T extends Float32Array | Int32Array>(parts: readonly T[], Values: new (length: number) => T): T {
  const joined = new Values(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
