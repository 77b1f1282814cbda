import { assertEquals } from "@std/assert";
import { normalTensor, type Params, rng } from "../../lib/core/mod.ts";
import { isBfloat16, tf, toBfloat16, toFloat32 } from "../../lib/engine/mod.ts";
import { type Adapter, conv2d, conv3x3, jointLinear, linear, linearOfParts, mergeLora } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";

const random = rng(1, "bfloat16 layers");
const draw = (...shape: number[]): tf.Tensor => normalTensor(random, shape as [number, number]);

/** Rows enough that an adapter on a float32 weight would be added to it. */
const ROWS = 400, IN = 12, OUT = 5;
const wideOf = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, tensor]) => [name, toFloat32(tensor)]));

function layers(): { params: Params; adapters: Adapter[] } {
  const modules = ["up", "down"];
  return {
    params: Object.fromEntries(
      modules.flatMap((name) => [[`${name}.weight`, toBfloat16(draw(OUT, IN))], [`${name}.bias`, draw(OUT)]]),
    ),
    adapters: [2, 3].map((rank) => ({
      rank,
      alpha: 4,
      params: { "up.lora_A.weight": draw(rank, IN), "up.lora_B.weight": draw(OUT, rank) },
    })),
  };
}

tensorTest("linear() and its kin multiply a bfloat16 weight, with bias and adapters in float32", () => {
  const { params, adapters } = layers(), wide = wideOf(params);
  const x = toFloat32(toBfloat16(draw(ROWS, IN)));
  const parts = tf.split(x, [8, 4], 1);
  // Only the frozen product is rounded, once: its largest value times 2^-9.
  const near = (actual: tf.Tensor, expected: tf.Tensor) => close(actual, expected, { relative: 2 ** -8 });
  near(linear(params, "up", x, adapters), linear(wide, "up", x, adapters));
  near(linearOfParts(params, "up", parts, adapters), linear(wide, "up", x, adapters));
  for (const given of [adapters, []]) {
    const expected = jointLinear(wide, ["up", "down"], x, given);
    jointLinear(params, ["up", "down"], x, given).forEach((output, k) => near(output, expected[k]));
  }
});

tensorTest("linear() on a bfloat16 weight has the gradients of input and adapters", () => {
  const { params, adapters: [adapter] } = layers(), wide = wideOf(params), x = draw(ROWS, IN), dy = draw(ROWS, OUT);
  const gradients = (params: Params) =>
    tf.grads((x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => {
      const trained = { ...adapter, params: { "up.lora_A.weight": a, "up.lora_B.weight": b } };
      return linear(params, "up", x, [trained]).mul(dy).sum();
    })([x, ...Object.values(adapter.params)]);
  const expected = gradients(wide);
  gradients(params).forEach((gradient, k) => close(gradient, expected[k], { relative: 2 ** -6 }));
});

tensorTest("convolutions expand a bfloat16 kernel", () => {
  const kernel = { "c.weight": toBfloat16(draw(4, 3 * 9)).reshape([4, 3, 3, 3]), "c.bias": draw(4) };
  const x = draw(2, 5 * 6 * 3).reshape<tf.Tensor4D>([2, 5, 6, 3]), wide = wideOf(kernel);
  assertEquals(isBfloat16(kernel["c.weight"]), tf.getBackend() === "tensorflow");
  close(conv2d(kernel, "c", x), conv2d(wide, "c", x), 0);
  close(conv3x3(kernel, "c", x), conv3x3(wide, "c", x), 0);
});

tensorTest("mergeLora() merges in float32 and rounds to bfloat16 again", () => {
  const { params, adapters } = layers();
  const merged = mergeLora(params, adapters), exact = mergeLora(wideOf(params), adapters);
  for (const name of Object.keys(params)) {
    assertEquals(isBfloat16(merged[name]), isBfloat16(params[name]), name);
    close(merged[name], isBfloat16(params[name]) ? toBfloat16(exact[name]) : exact[name], 0);
  }
});
