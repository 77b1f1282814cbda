/** Words that one call of {@link philox4x32} yields. */
export const PHILOX_WORDS = 4;

const MULTIPLIER_0 = 0xD2511F53;
const MULTIPLIER_1 = 0xCD9E8D57;
const WEYL_0 = 0x9E3779B9 | 0;
const WEYL_1 = 0xBB67AE85 | 0;
const ROUNDS = 10;

/**
 * Fill words with consecutive blocks of Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers:
 * as easy as 1, 2, 3"), a counter-based generator: a block depends on key and counter alone.
 *
 * Block `i` has the counter `(counter[0] + i, counter[1], counter[2], counter[3])`; the first word wraps at 2^32.
 *
 * @param words Receives the blocks; its length is a multiple of 4.
 * @param key Two 32-bit words.
 * @param counter Four 32-bit words, of the first block.
 * @throws {RangeError} If the length of `words` is not a multiple of 4.
 */
export function philox4x32(words: Uint32Array, key: ArrayLike<number>, counter: ArrayLike<number>): void {
  if (words.length % PHILOX_WORDS !== 0) {
    throw new RangeError(`Cannot fill words as a block has 4: current value is ${words.length}`);
  }
  const key0 = key[0] | 0, key1 = key[1] | 0;
  const start = counter[0] | 0, counter1 = counter[1] | 0, counter2 = counter[2] | 0, counter3 = counter[3] | 0;
  for (let at = 0; at < words.length; at += PHILOX_WORDS) {
    let x0 = (start + (at >>> 2)) | 0, x1 = counter1, x2 = counter2, x3 = counter3, k0 = key0, k1 = key1;
    for (let round = 0; round < ROUNDS; round++) {
      const high0 = multiplyHigh(x0, MULTIPLIER_0 & 0xFFFF, MULTIPLIER_0 >>> 16);
      const high1 = multiplyHigh(x2, MULTIPLIER_1 & 0xFFFF, MULTIPLIER_1 >>> 16);
      const low0 = Math.imul(x0, MULTIPLIER_0), low1 = Math.imul(x2, MULTIPLIER_1);
      x0 = high1 ^ x1 ^ k0;
      x1 = low1;
      x2 = high0 ^ x3 ^ k1;
      x3 = low0;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    words[at] = x0;
    words[at + 1] = x1;
    words[at + 2] = x2;
    words[at + 3] = x3;
  }
}

/** The upper 32 bits of the unsigned product of `x` and a multiplier in two halves of 16 bits. */
function multiplyHigh(x: number, low: number, high: number): number {
  const xLow = x & 0xFFFF, xHigh = x >>> 16;
  const lowHigh = Math.imul(xLow, high), highLow = Math.imul(xHigh, low);
  const carry = (Math.imul(xLow, low) >>> 16) + (lowHigh & 0xFFFF) + (highLow & 0xFFFF);
  return (Math.imul(xHigh, high) + (lowHigh >>> 16) + (highLow >>> 16) + (carry >>> 16)) | 0;
}
