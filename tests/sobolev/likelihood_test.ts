import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { plainSobolevInner, sobolevEnergy } from "../../lib/sobolev/mod.ts";
import { close, tensorTest } from "../support.ts";

const H = 4, W = 5, size = H * W, eta = 0.3;

/** The covariance eta^2 Sigma_s as a matrix of all pairs of pixels, from its definition (Eqs. 12, 25). */
function covariance(s: number): number[][] {
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
  return Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) => entry(a, b)));
}

/** The logarithm of a Gaussian density, by Cholesky factorisation. */
function logDensity(value: number[], mean: number[], matrix: number[][]): number {
  const lower = matrix.map(() => new Array<number>(size).fill(0));
  const whitened = new Array<number>(size).fill(0);
  let result = -0.5 * size * Math.log(2 * Math.PI);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
    let rest = value[i] - mean[i];
    for (let k = 0; k < i; k++) rest -= lower[i][k] * whitened[k];
    whitened[i] = rest / lower[i][i];
    result -= Math.log(lower[i][i]) + 0.5 * whitened[i] ** 2;
  }
  return result;
}

tensorTest("the log-likelihood ratio under N(v, eta^2 Sigma_s) is the energy gap over -2 eta^2 (Eqs. 21-28)", () => {
  const [u, policy, reference] = ["u", "policy", "reference"].map((purpose) =>
    normalTensor<tf.Rank.R4>(rng(4, purpose), [1, H, W, 1])
  );
  const [target, mean, referenceMean] = [u, policy, reference].map((tensor) => Array.from(tensor.dataSync()));
  for (const s of [0, 0.5, 1.5, 2]) {
    const matrix = covariance(s);
    const ratio = logDensity(target, mean, matrix) - logDensity(target, referenceMean, matrix);
    const energies = [mean, referenceMean].map((v) => {
      const gamma = { height: H, width: W, channels: 1, data: Float64Array.from(v, (x, at) => x - target[at]) };
      return plainSobolevInner(gamma, gamma, s);
    });
    close((energies[0] - energies[1]) / (-2 * eta * eta), ratio, { relative: 1e-9 });
    const gap = tf.sub(
      sobolevEnergy(policy.sub(u), s, { reduction: "sum" }),
      sobolevEnergy(reference.sub(u), s, { reduction: "sum" }),
    );
    close(gap.div(-2 * eta * eta), [ratio], 1e-5 * energies[0] / (eta * eta));
  }
});
