/** Runs a checkpoint block by block, forward and if told so back, and prints its peak memory: folder, config, run in JSON. */
import { countParams, peakMemory, rng, tensorScope } from "../../../lib/core/mod.ts";
import { startEngine, tf } from "../../../lib/engine/mod.ts";
import { estimateFlux, streamedFlux } from "../../../lib/backbones/mod.ts";
import { createLora } from "../../../lib/nn/mod.ts";
import { openCheckpoint } from "../../../lib/weights/mod.ts";

const [folder, configText, runText] = Deno.args;
const config = JSON.parse(configText);
const { side, textTokens, train, threads } = JSON.parse(runText);

await startEngine({ engine: "cpu", threads, install: false });
using scope = tensorScope();
tf.tidy(() => tf.ones([64, 64]).matMul(tf.ones([64, 64])).dataSync());
const started = peakMemory();
const image = [1, side, side, config.outChannels / 4] as [number, number, number, number];
const inputs = scope.own({
  context: tf.randomNormal([1, textTokens, config.contextWidth]),
  pooled: tf.randomNormal([1, config.pooledWidth]),
  xt: tf.randomNormal(image) as tf.Tensor4D,
  t: tf.tensor1d([0.4]),
});
const options = { context: inputs.context, pooled: inputs.pooled, conditioning: "none" as const };
using source = await openCheckpoint(folder, { precision: "stored" });
using network = await streamedFlux(config, options, source);
const start = performance.now();
let values = 0;
if (train) {
  const adapter = createLora(network.targets, { rank: 16, alpha: 16, rng: rng(0, "lora") });
  scope.own(adapter.params);
  values = countParams(adapter.params);
  using pass = await network.differentiable([adapter])(inputs.xt, inputs.t, inputs.xt);
  scope.own(await pass.pullback(pass.velocity));
} else scope.own(await network.velocity()(inputs.xt, inputs.t, inputs.xt));
const tokens = textTokens + side ** 2 / 4;
const run = { batch: 1, tokens, adapterValues: values, trainedValues: values };
const estimate = estimateFlux(config, source.tensors, run, "streamed");
// A training holds seven copies of the factors, with moments and what a step makes new; this one pass holds two.
const bytes = estimate.bytes - 5 * 4 * values;
const resident = estimateFlux(config, source.tensors, run, "resident").bytes - 5 * 4 * values;
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ started, peak: peakMemory(), estimate: bytes, resident, seconds }));
