import { tf } from "../../lib/engine/mod.ts";
import { attention, biasedAttention, blockedAttention, sinusoid } from "../../lib/nn/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { close, tensorTest } from "../support.ts";
import { noise, sameGradient } from "./same_gradient.ts";

tensorTest("attention() has the value and gradients of softmax(q k^T / sqrt(C)) v", () => {
  const formula = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) =>
    tf.matMul(tf.softmax(tf.matMul(q, k, false, true).mul(1 / Math.sqrt(8))), v);
  sameGradient((q, k, v) => attention(q, k, v), formula, [[2, 3, 5, 8], [2, 3, 7, 8], [2, 3, 7, 4]]);
  sameGradient((q, k, v) => attention(q, k, v), formula, [[3, 5, 8], [3, 5, 8], [3, 5, 8]]);
});

tensorTest("attention() takes a scale of its own", () => {
  const q = noise(2, 5, 8), k = noise(2, 6, 8), v = noise(2, 6, 3);
  close(attention(q.mul(2), k, v, 1), attention(q, k, v, 2), 1e-6);
});

tensorTest("attention() averages the values when all scores are equal, and picks one when a score dominates", () => {
  const v = noise(1, 4, 3), q = tf.tensor3d([[[30, 0]]]), k = tf.tensor3d([[[0, 1], [9, 2], [0, 3], [-9, 4]]]);
  close(attention(tf.zeros([1, 1, 2]), k, v), v.mean(1, true), 1e-6);
  close(attention(q, k, v), v.slice([0, 1, 0], [1, 1, 3]), 1e-6);
});

tensorTest("biasedAttention() adds its bias to the scaled scores", () => {
  const q = noise(2, 5, 8), k = noise(2, 6, 8), v = noise(2, 6, 3), bias = noise(5, 6);
  const formula = (scale: number) => tf.matMul(tf.softmax(tf.matMul(q, k, false, true).mul(scale).add(bias)), v);
  close(biasedAttention(q, k, v, bias), formula(1 / Math.sqrt(8)), 1e-6);
  close(biasedAttention(q, k, v, bias, 1), formula(1), 1e-6);
});

for (const limit of [1, 2 * 3 * 7 * 2, 1e9]) {
  tensorTest(`blockedAttention() has the value and gradients of attention(), ${limit} scores at a time`, () => {
    sameGradient((q, k, v) => blockedAttention(q, k, v, limit), (q, k, v) => attention(q, k, v), [
      [2, 3, 5, 8],
      [2, 3, 7, 8],
      [2, 3, 7, 4],
    ]);
  });
}

tensorTest("blockedAttention() never makes an array of all scores", async () => {
  const q = noise(1, 64, 4);
  const largest = async (limit: number) => {
    const { kernels, result } = await tf.profile(() => tf.tidy(() => blockedAttention(q, q, q, limit)));
    tf.dispose(result);
    return Math.max(
      ...kernels.flatMap(({ outputShapes }) => outputShapes.map((shape) => tf.util.sizeFromShape(shape))),
    );
  };
  assertEquals(await largest(64 * 64), 64 * 64);
  assertEquals(await largest(64 * 8), 64 * 8);
  q.dispose();
});

tensorTest("sinusoid() begins with the cosines, and ends with the slowest sine", () => {
  const [row] = sinusoid(tf.tensor1d([2]), 6).arraySync();
  const frequencies = [0, 1, 2].map((k) => 10000 ** (-k / 3));
  close(row, [...frequencies.map((f) => Math.cos(2 * f)), ...frequencies.map((f) => Math.sin(2 * f))], 1e-6);
});

tensorTest("sinusoid() refuses an odd width", () => {
  assertThrows(() => sinusoid(tf.tensor1d([0]), 5), RangeError, "current value is 5");
});
