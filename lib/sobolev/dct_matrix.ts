const matrices = new Map<number, Float64Array>();

/**
 * Build the matrix of the orthonormal DCT-II: row k holds the k-th cosine.
 *
 * Its transpose is its inverse, the DCT-III.
 *
 * @param size At least 1.
 * @returns `size * size` doubles, row-major. Shared between callers, so not to be written.
 * @throws {RangeError} If `size` is not a positive integer.
 */
export function dctMatrix(size: number): Float64Array {
  if (!(Number.isInteger(size) && size > 0)) {
    throw new RangeError(`Cannot build a DCT matrix as its size must be a positive integer: current value is ${size}`);
  }
  let matrix = matrices.get(size);
  if (matrix === undefined) {
    matrix = new Float64Array(size * size);
    for (let k = 0; k < size; k++) {
      const scale = Math.sqrt((k === 0 ? 1 : 2) / size);
      for (let j = 0; j < size; j++) {
        const turns = ((2 * j + 1) * k) % (4 * size); // exact, so that the cosine sees a small angle
        matrix[k * size + j] = scale * Math.cos(Math.PI * turns / (2 * size));
      }
    }
    matrices.set(size, matrix);
  }
  return matrix;
}
