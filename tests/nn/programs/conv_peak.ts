/** Prints by how many MiB a traced gradient through 16 convolutions raises the peak memory: `float32` or `bfloat16`. */
import { peakMemory } from "../../../lib/core/mod.ts";
import { bfloat16Bits, buildTensor, startEngine, tf, trace } from "../../../lib/engine/mod.ts";
import { conv2d } from "../../../lib/nn/mod.ts";

await startEngine({ engine: "cpu", threads: 2, install: false });
const run = (channels: number) => {
  const shape = [channels, channels, 3, 3], values = new Float32Array(9 * channels ** 2).fill(0.001);
  const held = Deno.args[0] === "bfloat16" ? bfloat16Bits(values) : values;
  const kernel = () => {
    const builder = buildTensor(shape, Deno.args[0] as "float32" | "bfloat16"); // as a checkpoint is loaded
    builder.bytes.set(new Uint8Array(held.buffer));
    return builder.finish();
  };
  const params = Object.fromEntries(Array.from({ length: 16 }, (_, layer) => [`${layer}.weight`, kernel()]));
  const pass = (x: tf.Tensor) =>
    Object.keys(params).reduce(
      (maps, _, layer) => conv2d(params, String(layer), maps, { padding: "same" }),
      x as tf.Tensor4D,
    ).sum();
  const before = peakMemory();
  tf.dispose(trace((x: tf.Tensor) => tf.grad(pass)(x)).sync(tf.ones([1, 4, 4, channels])));
  return peakMemory() - before;
};
run(8); // loads what any step needs
console.log(run(512) / 2 ** 20);
