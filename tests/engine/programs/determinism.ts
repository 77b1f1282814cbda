/** Prints a hash of what a step returns: products, a convolution, a gather and their gradients. */
import { createHash } from "node:crypto";
import { startEngine, tf, trace } from "../../../lib/engine/mod.ts";

await startEngine({ engine: "cpu", threads: Number(Deno.args[0]), install: false });
const filled = (shape: number[], scale: number) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(Float32Array.from({ length: size }, (_, index) => Math.sin(index * scale)), shape);
};
const loss = (x: tf.Tensor, kernel: tf.Tensor, weight: tf.Tensor): tf.Tensor => {
  const features = tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, "same").reshape([4 * 32 * 32, 16]);
  const mixed = tf.softmax(features.matMul(weight)).gather(tf.range(0, 4096, 3, "int32"));
  return mixed.square().mean().add(features.mean());
};
const step = trace((...xs: tf.Tensor[]) => ({ loss: loss(xs[0], xs[1], xs[2]), gradients: tf.grads(loss)(xs) }));
const xs = [filled([4, 32, 32, 8], 1.3), filled([3, 3, 8, 16], 0.7), filled([16, 64], 0.4)];
const hashes = new Set<string>();
for (let round = 0; round < 4; round++) {
  const { loss, gradients } = await step(...xs);
  const hash = createHash("sha256");
  for (const tensor of [loss, ...gradients]) hash.update(new Uint8Array(tensor.dataSync().buffer));
  hashes.add(hash.digest("hex"));
}
console.log([...hashes].join(" "));
