import type { Complex } from "./fft.ts";
import { transformPlane } from "./fft2.ts";

/**
 * Transform a plane of Fourier coefficients back, as NumPy's `ifft2`: the sum of X exp(2 pi i k n / N) over the size.
 *
 * @param coefficients `height * width` of them, row-major; they stay as they are.
 * @param height Rows, any positive integer.
 * @param width Columns, any positive integer.
 * @returns `height * width` complex values.
 * @throws {RangeError} If coefficients and size do not fit.
 */
export function ifft2({ re, im }: Complex, height: number, width: number): Complex {
  const count = height * width;
  if (re.length !== count || im.length !== count || count === 0) {
    throw new RangeError(
      `Cannot transform coefficients as ${height} x ${width} must be their size: current values are ${re.length} and ` +
        `${im.length}`,
    );
  }
  // The conjugate of the transform of the conjugates
  const outRe = new Float64Array(re), outIm = im.map((value) => -value);
  transformPlane(outRe, outIm, height, width);
  for (let i = 0; i < count; i++) {
    outRe[i] /= count;
    outIm[i] /= -count;
  }
  return { re: outRe, im: outIm };
}
