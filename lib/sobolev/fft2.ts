import { type Complex, fft } from "./fft.ts";

/** Columns copied at a time: their values of one row lie side by side in memory. */
const BLOCK = 16;

/**
 * Transform a real plane by the discrete Fourier transform, unnormalised as in NumPy: the sum of x exp(-2 pi i k n / N).
 *
 * The coefficients at k and -k are conjugates to the last bit.
 *
 * @param plane `height * width` doubles, row-major; stays as it is.
 * @param height Rows, any positive integer.
 * @param width Columns, any positive integer.
 * @returns `height * width` coefficients, the constant at [0, 0].
 * @throws {RangeError} If plane and size do not fit.
 */
export function fft2(plane: ArrayLike<number>, height: number, width: number): Complex {
  if (plane.length !== height * width || plane.length === 0) {
    throw new RangeError(
      `Cannot transform a plane as ${height} x ${width} must be its size: current value is ${plane.length} values`,
    );
  }
  const re = new Float64Array(plane), im = new Float64Array(plane.length), half = (width >> 1) + 1;
  for (let row = 0; row < height; row += 2) transformRowPair(re, im, row, height, width);
  transformColumns(re, im, height, width, half);
  for (let row = 0; row < height; row++) {
    const mirrored = (height - row) % height * width;
    for (let column = half; column < width; column++) {
      re[row * width + column] = re[mirrored + width - column];
      im[row * width + column] = -im[mirrored + width - column];
    }
  }
  return { re, im };
}

/** Transform two real rows at once, one as the imaginary part of the other: coefficients up to the middle. */
function transformRowPair(re: Float64Array, im: Float64Array, row: number, height: number, width: number): void {
  const a = row * width, b = a + width, paired = row + 1 < height;
  const first = re.slice(a, b), second = paired ? re.slice(b, b + width) : new Float64Array(width);
  fft(first, second);
  for (let k = 0; k <= width >> 1; k++) {
    const m = (width - k) % width;
    re[a + k] = (first[k] + first[m]) / 2;
    im[a + k] = (second[k] - second[m]) / 2;
    if (!paired) continue;
    re[b + k] = (second[k] + second[m]) / 2;
    im[b + k] = (first[m] - first[k]) / 2;
  }
}

/** Transform the rows of a complex plane, then its columns, in place. */
export function transformPlane(re: Float64Array, im: Float64Array, height: number, width: number): void {
  for (let at = 0; at < re.length; at += width) fft(re.subarray(at, at + width), im.subarray(at, at + width));
  transformColumns(re, im, height, width, width);
}

/** Transform the first `count` columns in place. */
function transformColumns(re: Float64Array, im: Float64Array, height: number, width: number, count: number): void {
  const blockRe = new Float64Array(BLOCK * height), blockIm = new Float64Array(BLOCK * height);
  for (let first = 0; first < count; first += BLOCK) {
    const columns = Math.min(BLOCK, count - first);
    for (let row = 0; row < height; row++) {
      for (let column = 0, from = row * width + first; column < columns; column++, from++) {
        blockRe[column * height + row] = re[from];
        blockIm[column * height + row] = im[from];
      }
    }
    for (let at = 0; at < columns * height; at += height) {
      fft(blockRe.subarray(at, at + height), blockIm.subarray(at, at + height));
    }
    for (let row = 0; row < height; row++) {
      for (let column = 0, to = row * width + first; column < columns; column++, to++) {
        re[to] = blockRe[column * height + row];
        im[to] = blockIm[column * height + row];
      }
    }
  }
}
