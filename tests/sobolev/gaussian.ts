/** Matrix of all pairs of the pixels of an H x W plane, row-major: the covariance eta^2 Sigma_s by its definition (Eqs. 12, 25). */
export function covariance(H: number, W: number, s: number, eta: number): number[][] {
  const basis = (k: number, length: number, j: number): number =>
    Math.sqrt((k === 0 ? 1 : 2) / length) * Math.cos((Math.PI * (j + 0.5) * k) / length);
  const entry = (a: number, b: number): number => {
    let sum = 0;
    for (let ky = 0; ky < H; ky++) {
      for (let kx = 0; kx < W; kx++) {
        const at = (pixel: number): number => basis(ky, H, Math.floor(pixel / W)) * basis(kx, W, pixel % W);
        sum += at(a) * at(b) * (1 + ky * ky + kx * kx) ** -s;
      }
    }
    return eta * eta * sum;
  };
  const pixels = Array.from({ length: H * W }, (_, at) => at);
  return pixels.map((a) => pixels.map((b) => entry(a, b)));
}

/** The logarithm of a Gaussian density, by Cholesky factorisation. */
export function logDensity(value: readonly number[], mean: readonly number[], matrix: readonly number[][]): number {
  const size = value.length, lower = matrix.map((row) => row.map(() => 0)), white: number[] = [];
  let result = -0.5 * size * Math.log(2 * Math.PI);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
    let rest = value[i] - mean[i];
    for (let k = 0; k < i; k++) rest -= lower[i][k] * white[k];
    white.push(rest / lower[i][i]);
    result -= Math.log(lower[i][i]) + 0.5 * white[i] ** 2;
  }
  return result;
}
