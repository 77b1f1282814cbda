/**
 * Runs the UNet of SD1.5 at full width with random weights and prints its peak memory beside the estimate.
 *
 *     deno run -A tests/backbones/programs/unet_peak.ts float32|bfloat16 SIDE [train]
 *
 * SIDE: of the latents. Needs 8 GB of memory, or 5 GB with bfloat16.
 */
import { countParams, type Params, peakMemory, rng } from "../../../lib/core/mod.ts";
import { bfloat16Bits, buildTensor, startEngine, tf, trace } from "../../../lib/engine/mod.ts";
import { estimateUnet, SD15_UNET, unetBackbone, unetShapes } from "../../../lib/backbones/mod.ts";
import { createLora } from "../../../lib/nn/mod.ts";

const [dtype, sideText, mode] = Deno.args, side = Number(sideText), train = mode === "train";
const config = { ...SD15_UNET, inChannels: 8 }, shapes = unetShapes(config);
const held = (rank: number): "bfloat16" | "float32" => dtype === "bfloat16" && rank > 1 ? "bfloat16" : "float32";

await startEngine({ engine: "cpu", threads: 2, install: false });
const params: Record<string, tf.Tensor> = {}, random = rng(0, "unet");
const normals = random.normals(2 ** 20);
for (const [name, shape] of Object.entries(shapes)) {
  const size = shape.reduce((product, length) => product * length, 1), type = held(shape.length);
  const norm = name.includes("norm"), factor = norm ? 0 : Math.sqrt(shape[0] / size);
  const pool = norm && name.endsWith("weight") ? normals.map(() => 1) : normals.map((value) => value * factor);
  const piece = new Uint8Array((type === "bfloat16" ? bfloat16Bits(pool) : pool).buffer);
  const builder = buildTensor(shape, type), { bytes } = builder; // as a checkpoint is loaded: no copy on the way
  for (let at = 0; at < bytes.length; at += piece.length) bytes.set(piece.subarray(0, bytes.length - at), at);
  params[name] = builder.finish();
}
const tensors = Object.fromEntries(
  Object.entries(params).map(([name, { shape, size }]) => {
    const type = held(shape.length);
    return [name, { shape, stored: "F32" as const, dtype: type, bytes: size * (type === "bfloat16" ? 2 : 4) }];
  }),
);
const context = tf.randomNormal([1, 77, config.contextWidth]);
const backbone = unetBackbone(config, { context, conditioning: "channel", checkpointing: train });
const adapter = createLora(backbone.targets, { rank: 16, alpha: 16, rng: rng(0, "lora") });
const values = train ? countParams(adapter.params) : 0;
const pass = trace((x: tf.Tensor, factors: Params) => {
  const forward = (factors: Params) =>
    backbone.velocity(params, train ? [{ ...adapter, params: factors }] : [])(
      x as tf.Tensor4D,
      tf.tensor1d([0.4]),
      x as tf.Tensor4D,
    );
  if (!train) return forward(factors).square().sum();
  const names = Object.keys(factors);
  return tf.grads((...given: tf.Tensor[]) =>
    forward(Object.fromEntries(names.map((name, i) => [name, given[i]]))).square().sum()
  )(Object.values(factors));
});
const start = performance.now();
const latents = tf.randomNormal([1, side, side, 4], 0, 1, "float32", 1);
const result = [pass.sync(latents, adapter.params)].flat();
const seconds = (performance.now() - start) / 1000;
const run = { batch: 1, cells: side ** 2, adapterValues: values, trainedValues: values };
const estimate = estimateUnet(config, tensors, run);
// A training holds seven copies of the factors, with moments and what a step makes new; this one pass holds two.
const bytes = estimate.bytes - 5 * 4 * values;
const weights = Object.values(tensors).reduce((sum, { bytes }) => sum + bytes, 0);
console.log(
  JSON.stringify({ peak: peakMemory(), estimate: bytes, weights, seconds, first: result[0].dataSync()[0] }),
);
