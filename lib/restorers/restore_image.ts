import type { tf } from "../engine/mod.ts";
import { StoppedError, tensorScope } from "../core/mod.ts";
import { type Box, createRaster, crop, type Raster, rasterToTensor, tensorToRasters } from "../image/mod.ts";
import { type Restorer, SCALE } from "./restorer.ts";

/** A restorer as one traced step, which is faster: see {@link LoadedRestorer}. */
export type TracedRestorer = (lr: tf.Tensor4D) => Promise<tf.Tensor4D>;

/** How a restorer is run over an image that is too large for one call. */
export interface TilingOptions {
  /** Side of a tile in low-resolution pixels, without its context. Default 192. */
  readonly tile?: number;
  /** Pixels that a tile sees beyond its own; {@link RestorerNetwork.context} of a published network. */
  readonly context: number;
  /** Whether that is all an output depends on: then tiles are cut, else they fade into each other. */
  readonly exact: boolean;
  /** Stops between two tiles. */
  readonly signal?: AbortSignal;
}

/**
 * Restore an image of any size, in tiles that see their surroundings.
 *
 * With `exact`, the result is that of the whole image but for the order of float32 sums, as every output has all that
 * it depends on and the image's own border is where the network puts its zeros. Otherwise neighbouring tiles are mixed
 * with weights that fall linearly over the context: no seams, but not the result of the whole image.
 *
 * @param restorer Enlarges by 4.
 * @param lr Image in [0, 1].
 * @param options Tiles. Memory is that of the network on `tile + 2 context` pixels squared.
 * @returns Image of four times the sides, clamped to [0, 1].
 * @throws {StoppedError} If the signal was raised.
 * @throws {RangeError} If the tile's side is not a positive whole number.
 */
export async function restoreImage(
  restorer: Restorer | TracedRestorer,
  lr: Raster,
  options: TilingOptions,
): Promise<Raster> {
  const { tile = 192, context, exact, signal } = options;
  if (!(Number.isInteger(tile) && tile > 0)) {
    throw new RangeError(`Cannot cut tiles as their side must be a positive integer: current value is ${tile}`);
  }
  const result = createRaster({ width: SCALE * lr.width, height: SCALE * lr.height }, lr.channels);
  const total = new Float32Array(result.width * result.height);
  for (const core of tiles(lr, tile)) {
    if (signal?.aborted) {
      throw new StoppedError(
        `Cannot finish restoring as it was asked to stop: current value is tile ${core.left},${core.top}`,
      );
    }
    const seen = widen(core, context, lr);
    const restored = await restoreWhole(restorer, crop(lr, seen));
    addTile(result, total, restored, core, seen, exact ? 0 : SCALE * context);
  }
  for (let i = 0; i < result.data.length; i++) result.data[i] /= total[Math.floor(i / result.channels)];
  return result;
}

async function restoreWhole(restorer: Restorer | TracedRestorer, lr: Raster): Promise<Raster> {
  using scope = tensorScope();
  const output = scope.own(await restorer(scope.own(rasterToTensor([lr]))));
  return tensorToRasters(output)[0];
}

/** Tiles of about equal sides that cover the image. */
function* tiles({ width, height }: Raster, side: number): Generator<Box> {
  const spans = (length: number) => {
    const count = Math.ceil(length / side);
    return Array.from(
      { length: count },
      (_, i) => [Math.round(i * length / count), Math.round((i + 1) * length / count)],
    );
  };
  for (const [top, bottom] of spans(height)) {
    for (const [left, right] of spans(width)) yield { left, top, width: right - left, height: bottom - top };
  }
}

function widen(core: Box, by: number, { width, height }: Raster): Box {
  const left = Math.max(core.left - by, 0), top = Math.max(core.top - by, 0);
  const right = Math.min(core.left + core.width + by, width), bottom = Math.min(core.top + core.height + by, height);
  return { left, top, width: right - left, height: bottom - top };
}

/** Adds a restored tile with its weights, which are 1 in the core and fall to 0 over `fade` pixels around it. */
function addTile(result: Raster, total: Float32Array, restored: Raster, core: Box, seen: Box, fade: number): void {
  const { channels } = result;
  const columns = fall(seen.left, restored.width, core.left, core.width, fade);
  const rows = fall(seen.top, restored.height, core.top, core.height, fade);
  for (let y = 0; y < restored.height; y++) {
    if (rows[y] === 0) continue;
    for (let x = 0; x < restored.width; x++) {
      const weight = rows[y] * columns[x];
      if (weight === 0) continue;
      const to = (SCALE * seen.top + y) * result.width + SCALE * seen.left + x, from = y * restored.width + x;
      total[to] += weight;
      for (let c = 0; c < channels; c++) {
        result.data[to * channels + c] += weight * restored.data[from * channels + c];
      }
    }
  }
}

function fall(start: number, length: number, core: number, extent: number, fade: number): Float32Array {
  const first = SCALE * (core - start), last = first + SCALE * extent - 1;
  return Float32Array.from({ length }, (_, i) => {
    const distance = Math.max(first - i, i - last, 0);
    if (distance === 0) return 1;
    return fade === 0 ? 0 : Math.max(0, 1 - distance / (fade + 1));
  });
}
