import { tf } from "../../engine/mod.ts";
import type { Params } from "../../core/mod.ts";
import { decodeLatents, encodeImages, type Posterior } from "./autoencoder.ts";
import { type AutoencoderConfig, latentFactor } from "./config.ts";

/** Fraction of a tile that its neighbour covers as well. */
const OVERLAP = 0.25;

/**
 * Encode images tile by tile, as diffusers does: memory grows with a tile, not with the image.
 *
 * Norms see one tile at a time, so colours may shift slightly between tiles; the larger they are, the less.
 *
 * @param tile Side of a tile in pixels, a multiple of four times the factor; diffusers takes `config.sampleSize`.
 * @returns As {@linkcode encodeImages}; images of at most one tile are encoded whole.
 * @throws {RangeError} If the tile or the image does not fit the factor.
 */
export function encodeTiles(config: AutoencoderConfig, params: Params, images: tf.Tensor4D, tile: number): Posterior {
  checkTile(config, tile);
  if (fits(images, tile)) return encodeImages(config, params, images);
  return tf.tidy(() => {
    const moments = overTiles(images, tile, tile / latentFactor(config), (piece) => {
      const { mean, logvar } = encodeImages(config, params, piece);
      return tf.concat([mean, logvar], 3);
    });
    const [mean, logvar] = tf.split(moments, 2, 3);
    return { mean, logvar };
  }) as Posterior;
}

/**
 * Decode latents tile by tile, as diffusers does; see {@linkcode encodeTiles}.
 *
 * @param tile Side of a decoded tile in pixels, a multiple of four times the factor.
 * @returns As {@linkcode decodeLatents}; latents of at most one tile are decoded whole.
 * @throws {RangeError} If the tile does not fit the factor.
 */
export function decodeTiles(
  config: AutoencoderConfig,
  params: Params,
  latents: tf.Tensor4D,
  tile: number,
): tf.Tensor4D {
  checkTile(config, tile);
  const side = tile / latentFactor(config);
  if (fits(latents, side)) return decodeLatents(config, params, latents);
  return tf.tidy(() => overTiles(latents, side, tile, (piece) => decodeLatents(config, params, piece)));
}

/**
 * Apply a function to overlapping tiles and join its results: each is blended linearly into the one above, then into the
 * one to its left, which are blended already.
 *
 * @param side Side of a tile of `x`.
 * @param result Side of what `apply` makes of it.
 */
function overTiles(
  x: tf.Tensor4D,
  side: number,
  result: number,
  apply: (tile: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const step = side * (1 - OVERLAP), extent = result * OVERLAP, kept = result - extent;
  const rows: tf.Tensor4D[] = [];
  let above: tf.Tensor4D[] = [];
  for (let top = 0; top < height; top += step) {
    const line: tf.Tensor4D[] = [];
    for (let left = 0; left < width; left += step) {
      const size: [number, number] = [Math.min(side, height - top), Math.min(side, width - left)];
      line.push(tf.tidy(() => {
        const tile = apply(tf.slice(x, [0, top, left, 0], [batch, ...size, channels]));
        const upper = above[line.length], before = line[line.length - 1];
        const joined = upper === undefined ? tile : blend(upper, tile, extent, 1);
        return before === undefined ? joined : blend(before, joined, extent, 2);
      }));
    }
    const whole = line.map((tile) => {
      return tf.slice(tile, [0, 0, 0, 0], [-1, Math.min(kept, tile.shape[1]), Math.min(kept, tile.shape[2]), -1]);
    });
    rows.push(tf.concat(whole, 2));
    tf.dispose(whole);
    tf.dispose(above);
    above = line;
  }
  return tf.concat(rows, 1);
}

/** Fade from the end of `a` to `b` over the first values of `b` along an axis. */
function blend(a: tf.Tensor4D, b: tf.Tensor4D, extent: number, axis: 1 | 2): tf.Tensor4D {
  const length = b.shape[axis], count = Math.min(a.shape[axis], length, extent);
  const shape = [1, 1, 1, 1];
  shape[axis] = count;
  const ramp = tf.tensor(Float32Array.from({ length: count }, (_, k) => k / count), shape);
  const last = part(a, axis, a.shape[axis] - count, count), first = part(b, axis, 0, count);
  const faded: tf.Tensor4D = last.mul(tf.sub(1, ramp)).add(first.mul(ramp));
  return count === length ? faded : tf.concat([faded, part(b, axis, count, length - count)], axis);
}

/** Some of the rows (axis 1) or columns (axis 2). */
function part(x: tf.Tensor4D, axis: 1 | 2, from: number, count: number): tf.Tensor4D {
  const begin = [0, 0, 0, 0], size: number[] = [...x.shape];
  begin[axis] = from;
  size[axis] = count;
  return tf.slice(x, begin, size);
}

function fits({ shape }: tf.Tensor4D, side: number): boolean {
  return shape[1] <= side && shape[2] <= side;
}

/**
 * Check the side of a tile in pixels: a multiple of four times the factor, so that step and overlap are whole latents.
 *
 * @throws {RangeError} If it is not.
 */
export function checkTile(config: AutoencoderConfig, tile: number): void {
  const unit = latentFactor(config) / OVERLAP;
  if (!Number.isInteger(tile) || tile < unit || tile % unit !== 0) {
    throw new RangeError(
      `Cannot tile images as the tile must be a positive multiple of ${unit}: current value is ${tile}`,
    );
  }
}
