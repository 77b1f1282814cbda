import { assertThrows } from "@std/assert";
import { tf, trace } from "../../lib/engine/mod.ts";
import {
  applySigmaInverse,
  type FrequencyUnit,
  plainSobolevInner,
  sobolevEnergy,
  sobolevInner,
  sobolevNorm,
  sobolevWeights,
} from "../../lib/sobolev/mod.ts";
import { close, tensorTest } from "../support.ts";
import { field, noise, sobolevCases, tensorOf } from "./golden.ts";

const units: FrequencyUnit[] = ["index", "rad", "unit", "cyc"];

Deno.test("sobolevWeights() has the means and maxima of NumPy's (Eq. 4)", () => {
  for (const { case: name, omega: unit, s, weight_mean, weight_max } of sobolevCases()) {
    const { height, width } = field(`${name}.x`);
    const weights = sobolevWeights(height, width, s, { unit });
    close(weights.reduce((sum, weight) => sum + weight, 0) / weights.length, weight_mean, { relative: 1e-12 });
    close(Math.max(...weights), weight_max, { relative: 1e-12 }); // NumPy, float64
  }
});

Deno.test("sobolevWeights() has mean 1 when normalised, and 1 at the constant when raw", () => {
  for (const unit of units) {
    const normalised = sobolevWeights(9, 6, 1.5, { unit, normalise: "mean" });
    close(normalised.reduce((sum, weight) => sum + weight, 0) / 54, 1, 1e-12);
    close(sobolevWeights(9, 6, 1.5, { unit })[0], 1, 0);
  }
});

Deno.test("sobolevWeights() throws on sizes, indices and units that do not exist", () => {
  assertThrows(() => sobolevWeights(0, 4, 1), RangeError, "H must be a positive integer");
  assertThrows(() => sobolevWeights(4, 4.5, 1), RangeError, "W must be a positive integer");
  assertThrows(() => sobolevWeights(4, 4, NaN), RangeError, "s must be finite");
  assertThrows(() => sobolevWeights(4, 4, 1, { unit: "hertz" as "cyc" }), RangeError, "index, rad, unit, cyc");
});

Deno.test("plainSobolevInner() equals SciPy's norms and products (Eqs. 4, 5)", () => {
  for (const { case: name, omega: unit, s, norm2_x, inner_xg } of sobolevCases()) {
    const x = field(`${name}.x`), g = field(`${name}.g`);
    close(plainSobolevInner(x, x, s, { unit }), norm2_x, { relative: 1e-12 }); // SciPy 1.17.1, float64
    close(plainSobolevInner(x, g, s, { unit }), inner_xg, { absolute: 1e-12 * norm2_x });
  }
});

tensorTest("sobolevEnergy(), sobolevInner() and sobolevNorm() equal SciPy's in every unit (Eqs. 4, 5)", () => {
  for (const { case: name, omega: unit, s, norm2_x, mean_x, inner_xg, weight_mean } of sobolevCases()) {
    const x = tensorOf(`${name}.x`), g = tensorOf(`${name}.g`);
    close(sobolevEnergy(x, s, { unit, reduction: "sum" }), [norm2_x], { relative: 1e-5 }); // SciPy 1.17.1, float64
    close(sobolevEnergy(x, s, { unit }), [mean_x / weight_mean], { relative: 1e-5 });
    close(sobolevInner(x, g, s, { unit }), [inner_xg], 1e-5 * norm2_x);
    close(sobolevNorm(x, s, { unit }), [Math.sqrt(norm2_x)], { relative: 1e-5 });
  }
});

tensorTest("sobolevEnergy() at s = 0 is the mean square, or the sum of squares", () => {
  const f = noise([3, 5, 8, 2], "f");
  close(sobolevEnergy(f, 0), f.square().mean([1, 2, 3]), { relative: 1e-5 });
  close(sobolevEnergy(f, 0, { reduction: "sum" }), f.square().sum([1, 2, 3]), { relative: 1e-5 });
});

tensorTest("sobolevEnergy() of a constant does not depend on s when raw", () => {
  const f = tf.fill([1, 4, 4, 1], 0.5) as tf.Tensor4D;
  for (const s of [0, 1.5, 3]) close(sobolevEnergy(f, s, { reduction: "sum" }), [4], 1e-5);
});

tensorTest("sobolevEnergy() has the gradient 2 Sigma_s^-1 f (Eq. 27)", () => {
  const f = noise([2, 6, 7, 3], "f");
  const gradient = tf.grad((x) => sobolevEnergy(x as tf.Tensor4D, 1.5, { reduction: "sum" }).sum())(f);
  close(gradient, applySigmaInverse(f, 1.5).mul(2), { relative: 1e-5 });
});

tensorTest("sobolevEnergy() and its gradient are the same in a traced step, at 136 x 130 too", async () => {
  const f = noise([1, 136, 130, 1], "f");
  const step = (x: tf.Tensor4D) => {
    const { value, grad } = tf.valueAndGrad((input: tf.Tensor4D) => sobolevEnergy(input, 1.5).sum())(x);
    return { value, grad };
  };
  const traced = trace(step);
  const expected = tf.tidy(() => step(f)), actual = await traced(f);
  close(actual.value, expected.value, { relative: 1e-5 });
  close(actual.grad, expected.grad, { relative: 1e-5 });
  traced.dispose();
  tf.dispose([f, expected.value, expected.grad, actual.value, actual.grad]);
});

tensorTest("sobolevInner() throws on fields of different sizes", () => {
  assertThrows(() => sobolevInner(tf.zeros([1, 4, 4, 1]), tf.zeros([1, 4, 5, 1]), 1), RangeError, "axis 2 (W)");
});
