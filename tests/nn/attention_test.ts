import { tf } from "../../lib/engine/mod.ts";
import { attention, sinusoid } from "../../lib/nn/mod.ts";
import { assertThrows } from "@std/assert";
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

tensorTest("sinusoid() begins with the cosines, and ends with the slowest sine", () => {
  const [row] = sinusoid(tf.tensor1d([2]), 6).arraySync();
  const frequencies = [0, 1, 2].map((k) => 10000 ** (-k / 3));
  close(row, [...frequencies.map((f) => Math.cos(2 * f)), ...frequencies.map((f) => Math.sin(2 * f))], 1e-6);
});

tensorTest("sinusoid() refuses an odd width", () => {
  assertThrows(() => sinusoid(tf.tensor1d([0]), 5), RangeError, "current value is 5");
});
