import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { plainSobolevInner, sobolevEnergy } from "../../lib/sobolev/mod.ts";
import { close, tensorTest } from "../support.ts";
import { covariance, logDensity } from "./gaussian.ts";

const H = 4, W = 5, eta = 0.3;

tensorTest("the log-likelihood ratio under N(v, eta^2 Sigma_s) is the energy gap over -2 eta^2 (Eqs. 21-28)", () => {
  const [u, policy, reference] = ["u", "policy", "reference"].map((purpose) =>
    normalTensor<tf.Rank.R4>(rng(4, purpose), [1, H, W, 1])
  );
  const [target, mean, referenceMean] = [u, policy, reference].map((tensor) => Array.from(tensor.dataSync()));
  for (const s of [0, 0.5, 1.5, 2]) {
    const matrix = covariance(H, W, s, eta);
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
