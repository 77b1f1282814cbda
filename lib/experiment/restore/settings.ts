import { UsageError } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import type { ColourFix } from "../../image/mod.ts";
import { type TileGrid, tileGrid } from "../../flow/mod.ts";
import { SCALE } from "../../restorers/mod.ts";

/** How images are restored: with the network and the image itself, it fixes every pixel on one engine. */
export interface RestoreSettings {
  /** Solver steps. */
  readonly steps: number;
  /** Of the noise. */
  readonly seed: number;
  /** Side of a tile in pixels of the result. */
  readonly tile: number;
  /** What neighbouring tiles share at least, in pixels of the result. */
  readonly overlap: number;
  /** How the result gets the colours of the image. */
  readonly colourFix: ColourFix;
}

/** What a network asks of the images that it restores. */
export interface ImageRules {
  /** What sides of results must be multiples of. */
  readonly multiple: number;
  /** Side at which the condition is encoded, as a fraction of that of the result. */
  readonly conditionScale: number;
}

/** An image is extended to this side at least, or to a tile: networks do not know smaller ones. */
const LEAST_SIDE = 256;

/** Where a result lies in what is sampled. */
export interface RestoreLayout {
  /** Sides that are sampled: those of the result, extended. */
  readonly size: RasterSize;
  /** Its tiles. */
  readonly grid: TileGrid;
}

/**
 * Lay out the restoration of an image: extended by its mirror image to whole cells of the network, and at least to a tile
 * or 256 pixels, and cut into tiles.
 *
 * @param lr Sides of the image.
 */
export function restoreLayout(
  lr: RasterSize,
  rules: ImageRules,
  { tile, overlap }: Pick<RestoreSettings, "tile" | "overlap">,
): RestoreLayout {
  const unit = tileUnit(rules), least = Math.min(tile, Math.ceil(LEAST_SIDE / unit) * unit);
  const extended = (side: number) => Math.max(Math.ceil(SCALE * side / unit) * unit, least);
  const size = { width: extended(lr.width), height: extended(lr.height) };
  return { size, grid: tileGrid(size, { tile, overlap, unit }) };
}

/**
 * Check tile and overlap before anything is loaded.
 *
 * @throws {UsageError} If they do not fit the network, or each other.
 */
export function checkTiles(rules: ImageRules, { tile, overlap }: Pick<RestoreSettings, "tile" | "overlap">): void {
  const unit = tileUnit(rules);
  if (tile < unit || tile % unit !== 0) {
    throw new UsageError(
      `Cannot tile images as --tile must be a positive multiple of ${unit} for this network: current value is ${tile}`,
    );
  }
  if (overlap > tile - unit) {
    throw new UsageError(
      `Cannot tile images as --overlap must be at most ${tile - unit} for --tile ${tile}: current value is ${overlap}`,
    );
  }
}

/** What lengths and starts of tiles are multiples of, so that tiles of result and condition are of whole cells. */
function tileUnit({ multiple, conditionScale }: ImageRules): number {
  const unit = multiple / conditionScale;
  if (Number.isInteger(unit) && unit % SCALE === 0) return unit;
  throw new UsageError(
    `Cannot tile images as --condition-scale must be 1, 0.5 or another whole part: current value is ${conditionScale}`,
  );
}
