import { assertEquals } from "@std/assert";
import { rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { energyGap, residual } from "../../lib/asdpo/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages } from "../flow/toy.ts";

/** Covariance eta^2 Sigma_s of Eq. 25 on an H x W plane in doubles, row-major, with integer frequencies (Eq. 12). */
function covariance(H: number, W: number, s: number, eta: number): number[][] {
  const n = H * W;
  const basis = (k: number, j: number, size: number) =>
    Math.sqrt((k === 0 ? 1 : 2) / size) * Math.cos(Math.PI * (2 * j + 1) * k / (2 * size));
  return Array.from({ length: n }, (_, a) =>
    Array.from({ length: n }, (_, b) => {
      let sum = 0;
      for (let k = 0; k < H; k++) {
        for (let l = 0; l < W; l++) {
          const vertical = basis(k, Math.floor(a / W), H) * basis(k, Math.floor(b / W), H);
          sum += vertical * basis(l, a % W, W) * basis(l, b % W, W) * (1 + k * k + l * l) ** -s;
        }
      }
      return eta * eta * sum;
    }));
}

/** Lower Cholesky factor. */
function cholesky(matrix: readonly number[][]): number[][] {
  const factor = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= factor[i][k] * factor[j][k];
      factor[i][j] = i === j ? Math.sqrt(rest) : rest / factor[j][j];
    }
  }
  return factor;
}

/** log N(x; mean, L L^T), by forward substitution. */
function logDensity(x: readonly number[], mean: readonly number[], factor: readonly number[][]): number {
  const white: number[] = [];
  let density = -x.length / 2 * Math.log(2 * Math.PI);
  factor.forEach((row, i) => {
    let rest = x[i] - mean[i];
    for (let k = 0; k < i; k++) rest -= row[k] * white[k];
    white.push(rest / row[i]);
    density -= Math.log(row[i]) + white[i] ** 2 / 2;
  });
  return density;
}

for (const s of [0, 0.5, 1.5]) {
  tensorTest(
    `energyGap() is -2 eta^2 times the log-likelihood ratio under N(v, eta^2 Sigma_s), s = ${s} (Eqs. 21-28)`,
    () => {
      const [H, W, eta] = [4, 5, 0.7];
      const factor = cholesky(covariance(H, W, s, eta));
      const [u, policy, reference] = ["u", "policy", "reference"].map((name) => [...rng(0, name).normals(H * W)]);
      const ratio = logDensity(u, policy, factor) - logDensity(u, reference, factor);
      const field = (values: number[]) => tf.tensor4d(values, [1, H, W, 1]);
      const { gap } = energyGap(residual(field(policy), field(u)), residual(field(reference), field(u)), {
        s,
        reduction: "sum",
      });
      close(gap, [-2 * eta ** 2 * ratio], { relative: 2e-5 });
    },
  );
}

tensorTest("energyGap() is zero for equal residuals and changes sign with its arguments (Eq. 14)", () => {
  const a = randomImages(1, [3, 4, 4, 3]), b = randomImages(2, [3, 4, 4, 3]);
  assertEquals([...energyGap(a, a, { s: 1.5 }).gap.dataSync()], [0, 0, 0]);
  close(energyGap(a, b, { s: 1.5 }).gap, energyGap(b, a, { s: 1.5 }).gap.neg(), 0);
});

tensorTest("energyGap() at s = 0 is the difference of squared L2 norms (Eq. 10)", () => {
  const a = randomImages(1, [2, 4, 6, 3]), b = randomImages(2, [2, 4, 6, 3]);
  const squares = a.square().sub(b.square());
  close(energyGap(a, b, { s: 0, reduction: "sum" }).gap, squares.sum([1, 2, 3]), { relative: 1e-5 });
  close(energyGap(a, b, { s: 0 }).gap, squares.mean([1, 2, 3]), { relative: 1e-5 });
});
