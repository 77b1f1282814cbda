/** Prints by how many MB a gradient through eight blocks raises the peak memory: `plain` or `checkpoint`. */
import { peakMemory } from "../../../lib/core/mod.ts";
import { checkpoint, startEngine, tf, trace } from "../../../lib/engine/mod.ts";

await startEngine({ engine: "cpu", threads: 2, install: false });
const block = (x: tf.Tensor, w: tf.Tensor) =>
  x.add(x.matMul(w).tanh().square().sigmoid().matMul(w, false, true).tanh());
const loss = (x: tf.Tensor, w: tf.Tensor) => {
  let y = x;
  for (let depth = 0; depth < 8; depth++) y = Deno.args[0] === "checkpoint" ? checkpoint(block, [y, w]) : block(y, w);
  return y.mean();
};
const step = trace((x: tf.Tensor, w: tf.Tensor) => tf.grads(loss)([x, w]));
const x = tf.fill([2048, 64], 0.1), w = tf.fill([64, 1024], 0.01);
const peakMb = () => peakMemory() / 2 ** 20;
step.sync(tf.fill([1, 64], 0.1), w); // loads what any step needs
const before = peakMb();
step.sync(x, w);
console.log(peakMb() - before);
