import { tf } from "../engine/mod.ts";
import { StoppedError, tensorScope } from "../core/mod.ts";
import { type TileAxis, type TileGrid, tileWeights } from "./tiles.ts";

/** An image, its latents or noise in host memory: large ones exceed what an engine should hold at once. */
export interface HostImage {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Values of a place. */
  readonly channels: number;
  /** `[H, W, C]` */
  readonly data: Float32Array;
}

/** Work on an image, tile by tile. */
export interface TileMap {
  /** The tiles, in pixels of the largest image. */
  readonly grid: TileGrid;
  /** What the function sees, cut into the same tiles; sides may be smaller than those of the grid by a common factor. */
  readonly inputs: readonly HostImage[];
  /** Takes the result, its sides those of the grid or smaller by a common factor; overwritten. */
  readonly into: HostImage;
  /**
   * The function.
   *
   * @param tiles A batch of tiles of every input, `[B, h, w, C]`; disposed afterwards.
   * @returns The same tiles of the result.
   */
  apply(tiles: readonly tf.Tensor4D[]): Promise<tf.Tensor4D>;
  /** Tiles in a call, at most. Default 1. */
  readonly batchSize?: number;
  /** Stops before the next call. */
  readonly signal?: AbortSignal;
  /** Called after every call with the tiles that it did. */
  readonly onTiles?: (count: number) => void;
}

/**
 * Apply a function to overlapping tiles and mix its results with the weights of {@linkcode tileWeights}.
 *
 * Where the function is that of a place's value and surroundings within a tile, there are no seams: a result passes
 * smoothly from one tile to the next. Every call has the same shape.
 *
 * @throws {RangeError} If sides do not fit the grid.
 * @throws {StoppedError} If the signal was raised.
 */
export async function mapTiles({ grid, inputs, into, apply, batchSize = 1, signal, onTiles }: TileMap): Promise<void> {
  const scales = inputs.map((input) => scaleOf(grid, input)), scale = scaleOf(grid, into);
  const weights = { rows: tileWeights(grid.rows, scale), columns: tileWeights(grid.columns, scale) };
  const tiles = grid.rows.starts.flatMap((_, row) => grid.columns.starts.map((_, column) => [row, column] as const));
  const calls = Math.ceil(tiles.length / batchSize), size = Math.ceil(tiles.length / calls);
  into.data.fill(0);
  for (let first = 0; first < tiles.length; first += size) {
    if (signal?.aborted) {
      throw new StoppedError(
        `Cannot finish an image as it was asked to stop: current value is tile ${first} of ${tiles.length}`,
      );
    }
    const batch = tiles.slice(first, first + size);
    // The last call repeats a tile, so that every call has the traced shape.
    const filled = [...batch, ...Array(size - batch.length).fill(batch[0])];
    using scope = tensorScope();
    const cut = inputs.map((input, i) => scope.own(gather(input, grid, filled, scales[i])));
    const result = scope.own(await apply(cut));
    const values = await result.data<"float32">(), length = values.length / size;
    batch.forEach(([row, column], i) => {
      const place = { top: grid.rows.starts[row] * scale, left: grid.columns.starts[column] * scale };
      add(into, values.subarray(i * length, (i + 1) * length), place, weights.rows[row], weights.columns[column]);
    });
    onTiles?.(batch.length);
  }
}

/** Number of tiles of a grid. */
export function countTiles({ rows, columns }: TileGrid): number {
  return rows.starts.length * columns.starts.length;
}

function gather(
  { width, channels, data }: HostImage,
  { rows, columns }: TileGrid,
  tiles: readonly (readonly [row: number, column: number])[],
  scale: number,
): tf.Tensor4D {
  const height = rows.tile * scale, line = columns.tile * scale * channels;
  const values = new Float32Array(tiles.length * height * line);
  tiles.forEach(([row, column], i) => {
    const top = rows.starts[row] * scale, left = columns.starts[column] * scale;
    for (let y = 0; y < height; y++) {
      const from = ((top + y) * width + left) * channels;
      values.set(data.subarray(from, from + line), (i * height + y) * line);
    }
  });
  return tf.tensor4d(values, [tiles.length, height, line / channels, channels]);
}

function add(
  { width, channels, data }: HostImage,
  tile: Float32Array,
  { top, left }: { readonly top: number; readonly left: number },
  rows: Float32Array,
  columns: Float32Array,
): void {
  for (let y = 0, at = 0; y < rows.length; y++) {
    let to = ((top + y) * width + left) * channels;
    for (let x = 0; x < columns.length; x++) {
      const weight = rows[y] * columns[x];
      for (let c = 0; c < channels; c++) data[to++] += weight * tile[at++];
    }
  }
}

/** Samples of an image per pixel of the grid. */
function scaleOf({ rows, columns }: TileGrid, { height, width }: HostImage): number {
  const scale = height / rows.length;
  const whole = ({ tile, starts }: TileAxis) => [tile, ...starts].every((at) => Number.isInteger(at * scale));
  if (width === columns.length * scale && whole(rows) && whole(columns)) return scale;
  throw new RangeError(
    `Cannot cut tiles as the image must have the shape of ${columns.length} x ${rows.length}, tiles on whole samples: ` +
      `current value is ${width} x ${height}`,
  );
}
