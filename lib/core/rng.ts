import { philox4x32, PHILOX_WORDS } from "./philox.ts";
import { drawPoisson } from "./poisson.ts";

/** Random numbers of one key; every draw moves along its stream. */
export interface Rng {
  /** Draw from [0, 1), with 32 random bits. */
  uniform(): number;
  /** Draw from [low, high). */
  uniformIn(low: number, high: number): number;
  /** Draw from the standard normal distribution (Box and Muller 1958, in doubles). */
  normal(): number;
  /** Draw an integer from [0, n), without bias; n is at most 2^32. */
  int(n: number): number;
  /** Draw a Poisson count of this mean, in [0, 2^31]. */
  poisson(mean: number): number;
  /** Draw true with probability p. */
  bool(p: number): boolean;
  /** Draw n standard normal numbers: the same as n calls of `normal`, faster. */
  normals(n: number): Float32Array<ArrayBuffer>;
  /** Draw n numbers from [0, 1), with 24 random bits each, so that float32 never rounds up to 1. */
  uniforms(n: number): Float32Array<ArrayBuffer>;
  /** Draw a permutation; `items` itself stays as it is. */
  shuffle<T>(items: readonly T[]): T[];
  /** Draw one item, with probability proportional to its weight where weights are given. */
  pick<T>(items: readonly T[], weights?: readonly number[]): T;
}

/**
 * Open the stream of random numbers of a key. The same key gives the same numbers on every engine, machine and worker
 * count, so a resumed run needs no generator state.
 *
 * Different seeds, steps and items never share a block; purposes differ by a 32-bit hash of their name.
 *
 * @param seed Of the run: a whole number from 0 to 2^53 - 1.
 * @param purpose What the numbers are for, such as "noise" or "crop".
 * @param step Of the training or the stage: a whole number from 0 to 2^32 - 1.
 * @param item Within the step, such as the index of an image: a whole number from 0 to 2^32 - 1.
 * @returns A stream of 2^34 words of 32 bits.
 * @throws {RangeError} If a number is out of range.
 */
export function rng(seed: number, purpose: string, step = 0, item = 0): Rng {
  const wholes = [["seed", seed, Number.MAX_SAFE_INTEGER], ["step", step, 2 ** 32 - 1], ["item", item, 2 ** 32 - 1]];
  for (const [name, value, limit] of wholes as [string, number, number][]) {
    if (!(Number.isInteger(value) && value >= 0 && value <= limit)) {
      throw new RangeError(
        `Cannot open random numbers as ${name} must be a whole number in [0, ${limit}]: current value is ${value}`,
      );
    }
  }
  return new PhiloxRng([seed >>> 0, hashName(purpose)], [0, item, step, Math.floor(seed / 2 ** 32)]);
}

const TO_UNIT = 2 ** -32;
const TO_ANGLE = 2 * Math.PI * TO_UNIT;
const CHUNK = 8192; // words a bulk draw generates at a time: they stay in the cache

class PhiloxRng implements Rng {
  #words = new Uint32Array(PHILOX_WORDS);
  #used = PHILOX_WORDS;
  #spare: number | null = null;

  constructor(readonly key: readonly number[], readonly counter: number[]) {}

  uniform(): number {
    return this.#word() * TO_UNIT;
  }

  uniformIn(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log((this.#word() + 0.5) * TO_UNIT));
    const angle = this.#word() * TO_ANGLE;
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  int(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32)) {
      throw new RangeError(`Cannot draw an integer as n must be a whole number in [1, 2^32]: current value is ${n}`);
    }
    const limit = 2 ** 32 - (2 ** 32) % n;
    while (true) {
      const word = this.#word();
      if (word < limit) return word % n;
    }
  }

  poisson(mean: number): number {
    return drawPoisson(() => this.uniform(), mean);
  }

  bool(p: number): boolean {
    return this.uniform() < p;
  }

  normals(n: number): Float32Array<ArrayBuffer> {
    const drawn = new Float32Array(n);
    let at = 0;
    if (this.#spare !== null && n > 0) drawn[at++] = this.normal();
    const pairs = n - (n - at) % 2;
    for (const words of this.#bulk(pairs - at)) {
      for (let i = 0; i < words.length; i += 2) {
        const radius = Math.sqrt(-2 * Math.log((words[i] + 0.5) * TO_UNIT));
        const angle = words[i + 1] * TO_ANGLE;
        drawn[at++] = radius * Math.cos(angle);
        drawn[at++] = radius * Math.sin(angle);
      }
    }
    if (at < n) drawn[at] = this.normal();
    return drawn;
  }

  uniforms(n: number): Float32Array<ArrayBuffer> {
    const drawn = new Float32Array(n);
    let at = 0;
    for (const words of this.#bulk(n)) {
      for (let i = 0; i < words.length; i++) drawn[at++] = (words[i] >>> 8) * 2 ** -24;
    }
    return drawn;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.int(last + 1);
      [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
    }
    return shuffled;
  }

  pick<T>(items: readonly T[], weights?: readonly number[]): T {
    if (weights === undefined) return items[this.int(items.length)];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (weights.length !== items.length || !(total > 0) || weights.some((weight) => !(weight >= 0))) {
      throw new RangeError(
        `Cannot pick one of ${items.length} items as the weights must be as many, at least 0 and not all 0: ` +
          `current value is [${weights}]`,
      );
    }
    let remaining = this.uniform() * total, last = 0;
    for (let i = 0; i < items.length; i++) {
      if (weights[i] === 0) continue;
      if (remaining < weights[i]) return items[i];
      remaining -= weights[i];
      last = i;
    }
    return items[last]; // rounding used up the total
  }

  #word(): number {
    if (this.#used === PHILOX_WORDS) {
      this.#blocks(this.#words);
      this.#used = 0;
    }
    return this.#words[this.#used++];
  }

  /** The next `n` words of the stream, in chunks of even length where `n` is even. */
  *#bulk(n: number): Generator<Uint32Array> {
    const buffer = new Uint32Array(Math.min(CHUNK, Math.ceil(n / PHILOX_WORDS) * PHILOX_WORDS));
    for (let left = n; left > 0;) {
      const take = Math.min(left, buffer.length);
      const chunk = buffer.subarray(0, take);
      let at = 0;
      while (at < take && this.#used < PHILOX_WORDS) chunk[at++] = this.#word();
      const whole = take - (take - at) % PHILOX_WORDS;
      this.#blocks(chunk.subarray(at, whole));
      for (at = whole; at < take; at++) chunk[at] = this.#word();
      yield chunk;
      left -= take;
    }
  }

  #blocks(words: Uint32Array): void {
    philox4x32(words, this.key, this.counter);
    this.counter[0] += words.length / PHILOX_WORDS;
  }
}

/** FNV-1a of the UTF-8 bytes, 32 bits. */
function hashName(name: string): number {
  let hash = 0x811C9DC5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
