import { tf } from "../../lib/engine/mod.ts";
import {
  applySigma,
  applySigmaInverse,
  applySigmaInverseRoot,
  applySigmaRoot,
  colouredNoise,
  dct2,
  type FrequencyUnit,
  plainSobolevInner,
  plainWeigh,
  sobolevInner,
  sobolevNorm,
  sobolevWeights,
} from "../../lib/sobolev/mod.ts";
import { close, tensorTest } from "../support.ts";
import { field, noise, tensorOf } from "./golden.ts";

const units: FrequencyUnit[] = ["index", "rad", "unit", "cyc"];
const goldens = ["sob.16x16x4", "sob.33x17x2"].flatMap((name) => units.map((unit) => ({ name, unit })));
const epsilon = 0.7; // of the golden Riesz step

for (const { name, unit } of goldens) {
  const golden = (part: string): string => `${name}.${unit}.s1.5.${part}`;

  Deno.test(`plainWeigh() equals SciPy's precision, covariance and coloured noise (${name}, ${unit})`, () => {
    const x = field(`${name}.x`), g = field(`${name}.g`);
    close(plainWeigh(x, 1.5, { unit }).data, field(golden("precision_x")).data, { relative: 1e-12 }); // SciPy 1.17.1
    close(plainWeigh(g, -1.5, { unit }).data, field(golden("cov_g")).data, { relative: 1e-12 });
    close(plainWeigh(x, -0.75, { unit }).data, field(golden("coloured_x")).data, { relative: 1e-12 });
  });

  Deno.test(`the Riesz step from plainWeigh() equals SciPy's and has norm epsilon (Eq. 19, ${name}, ${unit})`, () => {
    const g = field(`${name}.g`), gradient = plainWeigh(g, -1.5, { unit });
    const scale = -epsilon / Math.sqrt(g.data.reduce((sum, value, at) => sum + value * gradient.data[at], 0));
    const step = { ...gradient, data: gradient.data.map((value) => value * scale) };
    close(step.data, field(golden("riesz_step_eps0.7")).data, { relative: 1e-12 }); // SciPy 1.17.1
    close(Math.sqrt(plainSobolevInner(step, step, 1.5, { unit })), epsilon, 1e-12);
  });

  tensorTest(`applySigma() and its kin equal SciPy's (Eq. 12, ${name}, ${unit})`, () => {
    const x = tensorOf(`${name}.x`), g = tensorOf(`${name}.g`);
    close(applySigmaInverse(x, 1.5, { unit }), tensorOf(golden("precision_x")), { relative: 1e-5 }); // SciPy 1.17.1
    close(applySigma(g, 1.5, { unit }), tensorOf(golden("cov_g")), { relative: 1e-5 });
    close(colouredNoise(x, 1.5, { unit }), tensorOf(golden("coloured_x")), { relative: 1e-5 });
    const gradient = applySigma(g, 1.5, { unit });
    const step = gradient.mul(-epsilon).div<tf.Tensor4D>(g.mul(gradient).sum().sqrt());
    close(step, tensorOf(golden("riesz_step_eps0.7")), { relative: 1e-5 });
    close(sobolevNorm(step, 1.5, { unit }), [epsilon], 1e-5);
  });
}

tensorTest("applySigma() is self-adjoint and positive", () => {
  const f = noise([1, 9, 6, 2], "f"), g = noise([1, 9, 6, 2], "g");
  close(applySigma(f, 1.5).mul(g).sum(), applySigma(g, 1.5).mul(f).sum(), 1e-4);
  close(applySigma(f, 1.5).mul(f).sum(), applySigmaRoot(f, 1.5).square().sum(), 1e-4);
});

tensorTest("applySigmaRoot() twice is applySigma(), and the inverses undo them", () => {
  const f = noise([2, 8, 11, 3], "f");
  for (const unit of units) {
    close(applySigmaRoot(applySigmaRoot(f, 1.5, { unit }), 1.5, { unit }), applySigma(f, 1.5, { unit }), 1e-5);
    close(applySigmaInverse(applySigma(f, 1.5, { unit }), 1.5, { unit }), f, 2e-4);
    close(applySigmaInverseRoot(applySigmaRoot(f, 1.5, { unit }), 1.5, { unit }), f, 1e-4);
  }
});

tensorTest("applySigma() represents the Euclidean product in H^s (Eq. 42)", () => {
  const f = noise([2, 6, 8, 2], "f"), g = noise([2, 6, 8, 2], "g");
  close(sobolevInner(applySigma(f, 1.5), g, 1.5), f.mul(g).sum([1, 2, 3]), 1e-3);
});

tensorTest("applySigmaInverseRoot() turns the H^s norm into the Euclidean one", () => {
  const f = noise([2, 6, 8, 2], "f");
  close(applySigmaInverseRoot(f, 1).square().sum([1, 2, 3]).sqrt(), sobolevNorm(f, 1), { relative: 1e-5 });
});

tensorTest("applySigma() at s = 0 changes nothing", () => {
  const f = noise([1, 5, 7, 3], "f");
  close(applySigma(f, 0), f, 1e-5);
});

tensorTest("colouredNoise() has the variance of Sigma_s at each frequency (Eq. 25)", () => {
  const draws = 4000;
  const coefficients = dct2(colouredNoise(noise([draws, 4, 4, 1], "white"), 1));
  const variances = coefficients.square().mean([0, 3]).div(
    tf.tensor2d(Float32Array.from(sobolevWeights(4, 4, -1)), [4, 4]),
  );
  close(variances, new Float64Array(16).fill(1), 5 * Math.sqrt(2 / draws)); // five standard errors
});
