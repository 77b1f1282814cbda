/** Tiles of one side of an image: equally long, evenly spread, each overlapping the next. */
export interface TileAxis {
  /** Length of the side. */
  readonly length: number;
  /** Length of every tile. */
  readonly tile: number;
  /** Where the tiles begin, from 0; the last one ends with the side. */
  readonly starts: readonly number[];
}

/** Tiles of an image: every row of tiles with every column. */
export interface TileGrid {
  /** Along the height. */
  readonly rows: TileAxis;
  /** Along the width. */
  readonly columns: TileAxis;
}

/** How an image is cut into tiles. */
export interface TileOptions {
  /** Side of a tile; a shorter side of the image is one tile. */
  readonly tile: number;
  /** What neighbouring tiles share at least; below the tile's side. */
  readonly overlap: number;
  /** What all lengths and starts are multiples of, such as the pixels of a token. */
  readonly unit: number;
}

/**
 * Cut an image into overlapping tiles.
 *
 * All tiles are of one size and the overlap is spread evenly, so that none is narrow: a network sees as much of the
 * surroundings everywhere, and one traced function serves all.
 *
 * @param size Height and width, multiples of the unit.
 * @throws {RangeError} If a length is no positive multiple of the unit, or the overlap leaves no step.
 */
export function tileGrid(
  { height, width }: { readonly height: number; readonly width: number },
  options: TileOptions,
): TileGrid {
  return { rows: tileAxis(height, options), columns: tileAxis(width, options) };
}

/** Cut one side into tiles; see {@linkcode tileGrid}. */
export function tileAxis(length: number, { tile, overlap, unit }: TileOptions): TileAxis {
  for (const [name, value] of [["side", length], ["tile", tile]] as const) {
    if (!(Number.isInteger(value) && value > 0 && value % unit === 0)) {
      throw new RangeError(`Cannot cut tiles as the ${name} must be a multiple of ${unit}: current value is ${value}`);
    }
  }
  const shared = Math.ceil(overlap / unit) * unit; // rounded up, so that rounded starts never share less
  if (!(overlap >= 0 && shared < tile)) {
    throw new RangeError(
      `Cannot cut tiles as the overlap must leave a step of ${unit} of the tile's ${tile}: current value is ${overlap}`,
    );
  }
  if (length <= tile) return { length, tile: length, starts: [0] };
  const steps = Math.ceil((length - tile) / (tile - shared));
  const starts = Array.from(
    { length: steps + 1 },
    (_, i) => Math.round((length - tile) * i / steps / unit) * unit,
  );
  return { length, tile, starts };
}

/**
 * Weigh the tiles of a side: 1 where a tile is alone, and a smooth passage from one to the next where they overlap.
 *
 * The weights of all tiles add up to 1 at every place. They fall by a raised cosine towards a tile's ends, where a network
 * knows least of the surroundings, and never reach 0. The weight of a pixel is the product of those of its row and column.
 *
 * @param axis Tiles of a side.
 * @param scale Samples per unit of length, such as 1/8 for latents; it must make starts and lengths whole.
 * @returns One array per tile, as long as the tile.
 */
export function tileWeights({ length, tile, starts }: TileAxis, scale: number = 1): Float32Array[] {
  const side = tile * scale, total = new Float64Array(length * scale);
  const raw = starts.map((start, i) => {
    const before = i === 0 ? 0 : (starts[i - 1] + tile - start) * scale;
    const after = i === starts.length - 1 ? 0 : (start + tile - starts[i + 1]) * scale;
    return Float64Array.from({ length: side }, (_, k) => {
      const weight = rise(k, before) * rise(side - 1 - k, after);
      total[start * scale + k] += weight;
      return weight;
    });
  });
  return raw.map((weights, i) => Float32Array.from(weights, (weight, k) => weight / total[starts[i] * scale + k]));
}

/** A raised cosine over `extent` samples from the end of a tile; the first of them counts from its middle. */
function rise(distance: number, extent: number): number {
  return distance >= extent ? 1 : Math.sin(Math.PI * (distance + 0.5) / (2 * extent)) ** 2;
}
