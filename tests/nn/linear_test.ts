import { assertEquals, assertThrows } from "@std/assert";
import { normalTensor, type Params, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  type Adapter,
  createLora,
  jointLinear,
  linear,
  linearOfParts,
  mergeLora,
  weightLora,
} from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";

const random = rng(11, "linear test");
const draw = (...shape: number[]) => normalTensor(rng(random.int(2 ** 31), "linear test"), shape as [number]);

function layers(): Params {
  return { "a.weight": draw(5, 8), "a.bias": draw(5), "b.weight": draw(3, 8), "b.bias": draw(3) };
}

/** Adapters on a and b, and one on b alone, with B away from zero. */
function adapters(): Adapter[] {
  const factor = (rank: number) => ({ A: draw(rank, 8), B: (out: number) => draw(out, rank) });
  const two = factor(2), three = factor(3);
  return [
    {
      rank: 2,
      alpha: 4,
      params: {
        "a.lora_A.weight": two.A,
        "a.lora_B.weight": two.B(5),
        "b.lora_A.weight": draw(2, 8),
        "b.lora_B.weight": two.B(3),
      },
    },
    { rank: 3, alpha: 1, params: { "b.lora_A.weight": three.A, "b.lora_B.weight": three.B(3) } },
  ];
}

/** The definition: x W^T + b + sum (alpha / r) x A^T B^T. */
function formula(params: Params, module: string, x: tf.Tensor2D, adapters: readonly Adapter[]): tf.Tensor {
  const product = (weight: tf.Tensor) => (x: tf.Tensor) => tf.matMul(x, weight, false, true);
  return adapters.filter((each) => `${module}.lora_A.weight` in each.params).reduce((y, { rank, alpha, params }) => {
    const low = product(params[`${module}.lora_A.weight`])(x);
    return y.add(product(params[`${module}.lora_B.weight`])(low).mul(alpha / rank));
  }, product(params[`${module}.weight`])(x).add(params[`${module}.bias`]));
}

// 4 rows: adapters stay beside the weight; 400 rows: they are added to it.
for (const rows of [4, 400]) {
  tensorTest(`linear() adds the adapters that have the module, for ${rows} rows`, () => {
    const params = layers(), given = adapters(), x = draw(rows, 8) as tf.Tensor2D;
    for (const module of ["a", "b"]) {
      for (const some of [[], given.slice(0, 1), given]) {
        close(linear(params, module, x, some), formula(params, module, x, some), { relative: 1e-5 });
      }
    }
  });

  tensorTest(`linear() has the gradients of its formula, for ${rows} rows`, () => {
    const params = layers(), given = adapters(), x = draw(rows, 8) as tf.Tensor2D, upstream = draw(rows, 3);
    const names = ["b.weight", "b.bias"], low = ["b.lora_A.weight", "b.lora_B.weight"];
    const through = (apply: typeof formula) => (...tensors: tf.Tensor[]) => {
      const own = { [names[0]]: tensors[1], [names[1]]: tensors[2] };
      const top = { ...given[1], params: { [low[0]]: tensors[3], [low[1]]: tensors[4] } };
      return apply(own, "b", tensors[0] as tf.Tensor2D, [given[0], top]).mul(upstream).sum().asScalar();
    };
    const inputs = [x, ...names.map((name) => params[name]), ...low.map((name) => given[1].params[name])];
    const expected = tf.grads(through(formula))(inputs);
    tf.grads(through(linear))(inputs).forEach((each, i) => close(each, expected[i], { relative: 1e-5 }));
  });

  tensorTest(`jointLinear() is each layer's output, for ${rows} rows`, () => {
    const params = layers(), given = adapters(), x = draw(2, rows / 2, 8);
    const joint = jointLinear(params, ["a", "b"], x, given);
    ["a", "b"].forEach((name, k) => close(joint[k], linear(params, name, x, given), { relative: 1e-5 }));
  });

  tensorTest(`linearOfParts() is the layer on the concatenated parts, for ${rows} rows`, () => {
    const params = layers(), given = adapters(), x = draw(2, rows / 2, 8);
    const parts = tf.split(x, [1, 5, 2], -1);
    close(linearOfParts(params, "b", parts, given), linear(params, "b", x, given), { relative: 1e-5 });
  });

  tensorTest(`mergeLora() gives the output of the adapters, for ${rows} rows`, () => {
    const params = layers(), given = [weightLora(adapters()[0], 0.5), adapters()[1]], x = draw(rows, 8);
    const merged = mergeLora(params, given);
    for (const module of ["a", "b"]) {
      close(linear(merged, module, x), linear(params, module, x, given), { relative: 1e-5 });
    }
  });

  tensorTest(`createLora() changes nothing, byte for byte, for ${rows} rows`, () => {
    const params = layers(), x = draw(rows, 8);
    const adapter = createLora({ a: { in: 8, out: 5 } }, { rank: 2, alpha: 2, rng: rng(1, "lora") });
    close(linear(params, "a", x, [adapter]), linear(params, "a", x), 0);
  });
}

tensorTest("linear() works without bias and keeps the leading axes", () => {
  const y = linear({ "a.weight": draw(5, 8) }, "a", draw(2, 3, 4, 8));
  assertEquals(y.shape, [2, 3, 4, 5]);
});

tensorTest("linear() refuses a layer that is not there", () => {
  assertThrows(() => linear(layers(), "c", draw(1, 8)), RangeError, "current value is c.weight");
});
