import { assert, assertEquals, assertThrows } from "@std/assert";
import { countParams, hashParams, mapParams, normalTensor, type Params, rng, tensorScope } from "../../lib/core/mod.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import { type Backbone, type SmallConfig, smallTransformer } from "../../lib/backbones/mod.ts";
import { createLora } from "../../lib/nn/mod.ts";
import { matchParams } from "../../lib/weights/mod.ts";
import { close, newTensors, tensorTest } from "../support.ts";

const tiny: SmallConfig = { width: 24, heads: 2, double: 1, single: 1, contextTokens: 2 };

function batch(): { xt: tf.Tensor4D; t: tf.Tensor1D; c: tf.Tensor4D; target: tf.Tensor4D } {
  const random = rng(1, "small test");
  const image = () => normalTensor<tf.Rank.R4>(random, [2, 8, 12, 3]);
  return { xt: image(), t: tf.tensor1d([0.1, 0.8]), c: image(), target: image() };
}

/** Parameters away from their zeros, so that every part takes part. */
function moved(backbone: Backbone): Params {
  const random = rng(2, "small test");
  return tf.tidy(() =>
    mapParams(backbone.init(0), (tensor) => tensor.add(normalTensor(random, tensor.shape as [number]).mul(0.1)))
  );
}

/** The mean squared error of the velocity as a function of a list of parameters. */
function lossOf(backbone: Backbone, names: readonly string[]): (...tensors: tf.Tensor[]) => tf.Scalar {
  const { xt, t, c, target } = batch();
  return (...tensors) => {
    const params = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
    return backbone.velocity(params)(xt, t, c).sub(target).square().mean().asScalar();
  };
}

Deno.test("smallTransformer() has 1.03 million parameters at width 96 and heads of (8, 8, 8)", () => {
  const { parameterCount, shapes, targets } = smallTransformer();
  assertEquals(parameterCount, 1_025_808);
  assertEquals(shapes["x_embedder.weight"], [96, 96]);
  assertEquals(shapes["proj_out.weight"], [48, 96]);
  assertEquals(shapes["transformer_blocks.1.attn.norm_q.weight"], [24]);
  assertEquals(targets["single_transformer_blocks.1.proj_out"], { in: 480, out: 96 });
});

tensorTest("init() gives every parameter its shape, and a velocity of zero", () => {
  const backbone = smallTransformer(tiny), params = backbone.init(3);
  matchParams(params, backbone.shapes);
  assertEquals(countParams(params), backbone.parameterCount);
  const { xt, t, c } = batch();
  const v = backbone.velocity(params)(xt, t, c);
  assertEquals(v.shape, xt.shape);
  close(v, tf.zerosLike(v), 0);
});

tensorTest("init() depends on the seed alone", async () => {
  using scope = tensorScope();
  const [a, b, c] = [3, 3, 4].map((seed) => scope.own(smallTransformer(tiny).init(seed)));
  const [first, again, other] = await Promise.all([a, b, c].map(hashParams));
  assertEquals(first, again);
  assert(first !== other);
});

tensorTest("init() draws weights with Xavier's variance, 2 / (in + out)", () => {
  const weight = smallTransformer().init(0)["transformer_blocks.0.ff.net.0.proj.weight"];
  close(tf.moments(weight).variance, tf.scalar(2 / (96 + 384)), { relative: 0.02 });
});

tensorTest("the velocity reacts to the image, the time and the condition, each sample on its own", () => {
  const backbone = smallTransformer(tiny), field = backbone.velocity(moved(backbone));
  const { xt, t, c } = batch(), v = field(xt, t, c);
  const changes = [field(xt.add(0.1), t, c), field(xt, t.add(0.1) as tf.Tensor1D, c), field(xt, t, c.add(0.1))];
  for (const change of changes) assert(change.sub(v).abs().max().dataSync()[0] > 1e-3);
  const alone = field(xt.slice(0, 1), t.slice(0, 1), c.slice(0, 1));
  close(alone, v.slice(0, 1), { relative: 1e-5 });
});

tensorTest("gradients of the small transformer equal finite differences", () => {
  const backbone = smallTransformer(tiny), params = moved(backbone), names = Object.keys(params);
  const loss = lossOf(backbone, names), at = Object.values(params);
  const { grads } = tf.valueAndGrads(loss)(at);
  const random = rng(4, "small test");
  for (
    const part of [
      "time_text_embed",
      "x_embedder",
      "transformer_blocks.0",
      "single_transformer",
      "norm_out",
      "proj_out",
    ]
  ) {
    const direction = at.map((tensor, i) =>
      names[i].startsWith(part) ? normalTensor(random, tensor.shape as [number]) : tf.zerosLike(tensor)
    );
    const slope = tf.addN(grads.map((gradient, i) => gradient.mul(direction[i]).sum())).dataSync()[0];
    const moved = (step: number) => loss(...at.map((tensor, i) => tensor.add(direction[i].mul(step)))).dataSync()[0];
    const step = 1e-2 / Math.max(1, Math.abs(slope));
    close((moved(step) - moved(-step)) / (2 * step), slope, { relative: 5e-3, absolute: 1e-3 });
  }
});

tensorTest("gradients are the same with checkpointing", () => {
  const plain = smallTransformer(tiny), params = moved(plain), names = Object.keys(params);
  const expected = tf.valueAndGrads(lossOf(plain, names))(Object.values(params));
  const checkpointed = smallTransformer({ ...tiny, checkpointing: true });
  const actual = tf.valueAndGrads(lossOf(checkpointed, names))(Object.values(params));
  close(actual.value, expected.value, { relative: 1e-6 });
  actual.grads.forEach((gradient, i) => close(gradient, expected.grads[i], { absolute: 1e-7, relative: 1e-5 }));
});

tensorTest("a traced training step gives the loss and gradients of an eager one", async () => {
  using scope = tensorScope();
  const backbone = smallTransformer(tiny), params = scope.own(moved(backbone)), names = Object.keys(params);
  const { xt, t, c, target } = scope.own({ ...batch() });
  const step = (params: Params) => {
    const loss = (...tensors: tf.Tensor[]) => {
      const given = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
      return backbone.velocity(given)(xt, t, c).sub(target).square().mean().asScalar();
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => params[name]));
    return [value, ...grads];
  };
  const traced = trace(step);
  const actual = scope.own(await traced(params)), expected = scope.own(tf.tidy(() => step(params)));
  actual.forEach((tensor, i) => close(tensor, expected[i], { absolute: 1e-7, relative: 1e-5 }));
  assertEquals(await newTensors(async () => (await traced(params)).forEach((tensor) => tensor.dispose())), 0);
  traced.dispose();
});

tensorTest("a new adapter on every target leaves the velocity as it is, byte for byte", () => {
  const backbone = smallTransformer(tiny), params = moved(backbone);
  const adapter = createLora(backbone.targets, { rank: 4, alpha: 4, rng: rng(5, "lora") });
  const { xt, t, c } = batch();
  close(backbone.velocity(params, [adapter])(xt, t, c), backbone.velocity(params)(xt, t, c), 0);
});

tensorTest("velocity() leaves nothing but its result behind", async () => {
  using scope = tensorScope();
  const backbone = smallTransformer(tiny), params = scope.own(moved(backbone));
  const { xt, t, c } = scope.own({ ...batch() });
  assertEquals(await newTensors(() => scope.own(backbone.velocity(params)(xt, t, c))), 1);
});

tensorTest("smallTransformer() refuses what it cannot cut", () => {
  assertThrows(() => smallTransformer({ width: 90, heads: 4 }), RangeError, "must be even and at least 6");
  const backbone = smallTransformer(tiny), params = backbone.init(0);
  const image = tf.zeros<tf.Rank.R4>([1, 6, 8, 3]);
  assertThrows(() => backbone.velocity(params)(image, tf.tensor1d([0]), image), RangeError, "multiples of 4");
  const time = tf.tensor1d([0, 1]);
  assertThrows(() => backbone.velocity(params)(tf.zeros([1, 8, 8, 3]), time, tf.zeros([1, 8, 8, 3])), RangeError);
});
