import { dctMatrix } from "./dct_matrix.ts";
import { sobolevWeights } from "./weights.ts";
import type { FrequencyUnit } from "./weights.ts";

/** A field in doubles, outside the engine. */
export interface PlainField {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Values of a pixel. */
  readonly channels: number;
  /** `height * width * channels` doubles, channels fastest. */
  readonly data: Float64Array;
}

/**
 * Transform a field by the orthonormal DCT-II over rows and columns, in doubles.
 *
 * @param field Stays as it is.
 * @returns Coefficients, the constant at [0, 0].
 */
export function plainDct2(field: PlainField): PlainField {
  return separable(field, (matrix, size, k, j) => matrix[k * size + j]);
}

/**
 * Transform coefficients back by the orthonormal DCT-III, in doubles.
 *
 * @param coefficients As `plainDct2` returns them.
 * @returns The field.
 */
export function plainIdct2(coefficients: PlainField): PlainField {
  return separable(coefficients, (matrix, size, k, j) => matrix[j * size + k]);
}

/**
 * Multiply two fields in H^s with the raw weights (Eq. 5), in doubles. A field with itself gives its squared norm.
 *
 * @param f A field.
 * @param g A field of the same size.
 * @param s Sobolev index; 0 gives the Euclidean product.
 * @param options `unit` of the frequencies.
 * @returns The product, over all channels.
 */
export function plainSobolevInner(
  f: PlainField,
  g: PlainField,
  s: number,
  options: { readonly unit?: FrequencyUnit } = {},
): number {
  const { height, width, channels } = f;
  const weights = sobolevWeights(height, width, s, options);
  const [a, b] = [plainDct2(f).data, plainDct2(g).data];
  return a.reduce((sum, value, at) => sum + value * b[at] * weights[Math.floor(at / channels)], 0);
}

/**
 * Weigh the frequencies of a field by (1 + |w|^2)^s, in doubles: Sigma_s^-1 for s, Sigma_s for -s, their roots for half.
 *
 * @param field Stays as it is.
 * @param s Any finite exponent.
 * @param options `unit` of the frequencies.
 * @returns The filtered field.
 */
export function plainWeigh(
  field: PlainField,
  s: number,
  options: { readonly unit?: FrequencyUnit } = {},
): PlainField {
  const { height, width, channels } = field;
  const weights = sobolevWeights(height, width, s, options);
  const coefficients = plainDct2(field);
  const data = coefficients.data.map((value, at) => value * weights[Math.floor(at / channels)]);
  return plainIdct2({ ...coefficients, data });
}

/** Apply an entry (k, j) of the matrix of each axis: out[k] = sum over j of entry(k, j) in[j]. */
function separable(
  field: PlainField,
  entry: (matrix: Float64Array, size: number, k: number, j: number) => number,
): PlainField {
  const { height, width, channels, data } = field;
  const rowLength = width * channels;
  const alongRows = new Float64Array(data.length), alongBoth = new Float64Array(data.length);
  const byWidth = dctMatrix(width), byHeight = dctMatrix(height);
  for (let k = 0; k < width; k++) {
    for (let j = 0; j < width; j++) {
      const factor = entry(byWidth, width, k, j);
      for (let row = 0; row < height; row++) {
        const to = row * rowLength + k * channels, from = row * rowLength + j * channels;
        for (let c = 0; c < channels; c++) alongRows[to + c] += factor * data[from + c];
      }
    }
  }
  for (let k = 0; k < height; k++) {
    for (let j = 0; j < height; j++) {
      const factor = entry(byHeight, height, k, j), to = k * rowLength, from = j * rowLength;
      for (let at = 0; at < rowLength; at++) alongBoth[to + at] += factor * alongRows[from + at];
    }
  }
  return { height, width, channels, data: alongBoth };
}
