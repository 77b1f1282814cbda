import { type Raster, resizeBicubic } from "../image/mod.ts";
import type { PairSet } from "./pair_set.ts";

/** A truth and its low-resolution image in [0, 1], of a quarter of its sides. */
export interface NamedPair {
  /** Name of the pair, such as `kodak/01.png#2`. */
  readonly id: string;
  /** Truth. `size x size` */
  readonly hr: Raster;
  /** Low resolution. `size/4 x size/4` */
  readonly lr: Raster;
}

/** Make what the networks see of a low-resolution image: MATLAB's bicubic to four times the sides, clamped to [0, 1]. */
export function conditionOf(lr: Raster): Raster {
  const condition = resizeBicubic(lr, 4);
  condition.data.forEach((value, i) => condition.data[i] = Math.min(Math.max(value, 0), 1));
  return condition;
}

/** Take the pixels of an image from [0, 1] to [-1, 1]. `[height, width, channels]` */
export function signedPixels({ data }: Raster): Float32Array {
  return data.map((value) => 2 * value - 1);
}

/**
 * Collect pairs into a set, in their order.
 *
 * @param pairs At least one, all of one size.
 * @returns The set in [-1, 1].
 * @throws {RangeError} If there is none, or their sizes differ.
 */
export function collectPairs(pairs: readonly NamedPair[]): PairSet {
  const size = pairs.at(0)?.hr.width ?? 0;
  const fits = ({ width, height }: Raster, side: number) => width === side && height === side;
  const odd = pairs.find(({ hr, lr }) => !(fits(hr, size) && fits(lr, size / 4)));
  if (size === 0 || odd !== undefined) {
    throw new RangeError(`Cannot collect pairs as all must have one size: current value is ${odd?.id ?? "no pair"}`);
  }
  return {
    size,
    scale: 4,
    count: pairs.length,
    ids: pairs.map(({ id }) => id),
    hr: concatenate(pairs.map(({ hr }) => signedPixels(hr))),
    lr: concatenate(pairs.map(({ lr }) => signedPixels(lr))),
    condition: concatenate(pairs.map(({ lr }) => signedPixels(conditionOf(lr)))),
  };
}

/**
 * Join two sets: the pairs of the second follow those of the first.
 *
 * @throws {RangeError} If their sizes differ.
 */
export function joinPairs(first: PairSet, second: PairSet): PairSet {
  if (first.size !== second.size) {
    throw new RangeError(
      `Cannot join sets of pairs as their sizes must be equal: current value is ${first.size} and ${second.size}`,
    );
  }
  return {
    ...first,
    count: first.count + second.count,
    ids: [...first.ids, ...second.ids],
    hr: concatenate([first.hr, second.hr]),
    lr: concatenate([first.lr, second.lr]),
    condition: concatenate([first.condition, second.condition]),
  };
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
