/**
 * Evaluate d^T pinv(S) d for a symmetric matrix, by Jacobi's rotations to its eigenvectors.
 *
 * @param matrix Symmetric. `[n, n]`
 * @param d `[n]`
 * @returns The value; eigenvalues below n times the machine's precision of the largest count as zero.
 */
export function inverseQuadraticForm(matrix: Float64Array, d: Float64Array): number {
  const n = d.length, a = Float64Array.from(matrix), projected = Float64Array.from(d);
  for (let sweep = 0; sweep < 60 && offDiagonal(a, n) > 0; sweep++) {
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, projected, n, p, q);
    }
  }
  const values = Array.from({ length: n }, (_, i) => a[i * n + i]);
  const least = n * Number.EPSILON * Math.max(...values.map(Math.abs));
  return values.reduce((sum, value, i) => Math.abs(value) > least ? sum + projected[i] ** 2 / value : sum, 0);
}

/** Zero the entry (p, q) by a rotation of the axes p and q, which `d` follows. */
function rotate(a: Float64Array, d: Float64Array, n: number, p: number, q: number): void {
  const entry = a[p * n + q];
  if (entry === 0) return;
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * entry);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1), s = t * c;
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p], kq = a[k * n + q];
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k], qk = a[q * n + k];
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
  }
  a[p * n + q] = a[q * n + p] = 0;
  [d[p], d[q]] = [c * d[p] - s * d[q], s * d[p] + c * d[q]];
}

/** Sum of squares off the diagonal, zero where it no longer counts. */
function offDiagonal(a: Float64Array, n: number): number {
  let off = 0, on = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) on += a[i * n + j] ** 2;
      else off += a[i * n + j] ** 2;
    }
  }
  return off <= on * 1e-34 ? 0 : off;
}
