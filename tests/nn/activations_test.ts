import { tf } from "../../lib/engine/mod.ts";
import { geglu, gelu, geluErf, silu } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { sameGradient } from "./same_gradient.ts";

const x = [-6, -2, -0.5, 0, 0.1, 1, 3, 20];

tensorTest("gelu() equals its tanh formula", () => {
  // CPython 3.11: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
  const expected = [-8.43964898e-11, -0.04540230591, -0.1542859702, 0, 0.05398275105, 0.8411919906, 2.996362608, 20];
  close(gelu(tf.tensor1d(x)), expected, { absolute: 1e-7, relative: 1e-7 });
});

tensorTest("geluErf() equals its erf formula", () => {
  // CPython 3.11: 0.5 * x * (1 + math.erf(x / math.sqrt(2)))
  const expected = [-5.919526e-9, -0.04550026390, -0.1542687694, 0, 0.05398278373, 0.8413447461, 2.995950306, 20];
  close(geluErf(tf.tensor1d(x)), expected, 2e-6);
});

tensorTest("silu() equals x / (1 + exp(-x))", () => {
  close(silu(tf.tensor1d(x)), x.map((value) => value / (1 + Math.exp(-value))), 1e-6);
});

tensorTest("gelu() and silu() have the gradients of their formulas", () => {
  sameGradient(
    gelu,
    (x) => x.mul(0.5).mul(x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI)).tanh().add(1)),
    [[5, 7]],
  );
  sameGradient(silu, (x) => x.mul(x.sigmoid()), [[5, 7]]);
});

tensorTest("geglu() has the value and the gradient of value GELU(gate)", () => {
  const formula = (x: tf.Tensor) => {
    const [value, gate] = tf.split(x, 2, -1);
    return value.mul(geluErf(gate));
  };
  sameGradient(geglu, formula, [[3, 5, 8]]);
});
