/** Prints by how many MB the traced gradient of attention in 64 blocks raises the peak memory. */
import { peakMemory } from "../../../lib/core/mod.ts";
import { startEngine, tf, trace } from "../../../lib/engine/mod.ts";
import { blockedAttention } from "../../../lib/nn/mod.ts";

await startEngine({ engine: "cpu", threads: 2, install: false });
const step = trace((q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) => {
  const loss = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) =>
    blockedAttention(q, k, v, q.size / q.shape[3]! * k.shape[2]! / 64).sum();
  return tf.grads(loss)([q, k, v]);
});
const inputs = (tokens: number) => [1, 2, 3].map((seed) => tf.randomNormal([1, 8, tokens, 64], 0, 1, "float32", seed));
const run = (tokens: number) => {
  const [q, k, v] = inputs(tokens);
  tf.dispose(step.sync(q, k, v));
};
run(64); // loads what any step needs
const before = peakMemory();
run(2048);
console.log((peakMemory() - before) / 2 ** 20);
