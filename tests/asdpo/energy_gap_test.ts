import { assertEquals } from "@std/assert";
import { rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { energyGap, residual } from "../../lib/asdpo/mod.ts";
import { close, tensorTest } from "../support.ts";
import { randomImages } from "../flow/toy.ts";
import { covariance, logDensity } from "../sobolev/gaussian.ts";

for (const s of [0, 0.5, 1.5]) {
  tensorTest(
    `energyGap() is -2 eta^2 times the log-likelihood ratio under N(v, eta^2 Sigma_s), s = ${s} (Eqs. 21-28)`,
    () => {
      const [H, W, eta] = [4, 5, 0.7];
      const matrix = covariance(H, W, s, eta);
      const [u, policy, reference] = ["u", "policy", "reference"].map((name) => [...rng(0, name).normals(H * W)]);
      const ratio = logDensity(u, policy, matrix) - logDensity(u, reference, matrix);
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
