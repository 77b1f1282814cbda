import { assert, assertEquals, assertThrows } from "@std/assert";
import { countParams, DataError, hashParams, rng, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  timeOfTimestep,
  unetBackbone,
  type UnetBackboneOptions,
  unetShapes,
  widenInput,
} from "../../lib/backbones/mod.ts";
import { createLora } from "../../lib/nn/mod.ts";
import { matchParams } from "../../lib/weights/mod.ts";
import { close, newTensors, tensorTest } from "../support.ts";
import { channelsLast, unetConfig, type UnetFixture, unetNames, withAdapter, withUnet } from "./unet_fixture.ts";

// Goldens: diffusers 0.42.1 on PyTorch 2.15.0, float32.
const ATOL = 5e-5;

/** One of the fixture's two samples, as its text is its own. */
function sampleOf({ config, inputs }: UnetFixture, k: number, conditioning: UnetBackboneOptions["conditioning"]) {
  const one = <T extends tf.Tensor>(x: T) => x.slice(k, 1) as T;
  const backbone = unetBackbone(config, {
    context: one(inputs.context),
    pooled: inputs.pooled && one(inputs.pooled),
    sizes: inputs.sizes && Array.from(one(inputs.sizes).dataSync()) as unknown as UnetBackboneOptions["sizes"],
    conditioning,
  });
  const [timestep] = one(inputs.timestep).dataSync();
  return { backbone, xt: one(inputs.sample), t: tf.tensor1d([timeOfTimestep(timestep)]) };
}

for (const name of unetNames) {
  tensorTest(`unetBackbone() predicts diffusers' noise at the paper's time, ${name}`, async () => {
    await withUnet(name, (fixture) => {
      const expected = channelsLast(fixture.io["out.sample"]);
      for (const k of [0, 1]) {
        const { backbone, xt, t } = sampleOf(fixture, k, "none");
        assertEquals(backbone.parameterCount, countParams(fixture.params));
        close(backbone.velocity(fixture.params)(xt, t, xt), expected.slice(k, 1), ATOL);
      }
    });
  });

  tensorTest(`unetBackbone() equals diffusers with the condition on the channels, ${name}`, async () => {
    await withAdapter(name, (fixture) => {
      const { params, adapter, condition, golden } = fixture, expected = channelsLast(golden["out.sample"]);
      for (const k of [0, 1]) {
        const { backbone, xt, t } = sampleOf(fixture, k, "channel");
        const [latents]: tf.Tensor4D[] = tf.split(xt, 2, 3), c = condition.slice<tf.Tensor4D>(k, 1);
        close(backbone.velocity(params, [adapter])(latents, t, c), expected.slice(k, 1), ATOL);
      }
    });
  });

  tensorTest(`widenInput() changes nothing until conv_in is adapted, ${name}`, async () => {
    await withUnet(name, (fixture) => {
      const wide = { ...fixture, config: { ...fixture.config, inChannels: 8 } };
      const params = widenInput(fixture.params, "conv_in", 8);
      matchParams(params, unetShapes(wide.config));
      const { backbone, xt, t } = sampleOf(wide, 0, "channel"), plain = sampleOf(fixture, 0, "none").backbone;
      const c = xt.mul<tf.Tensor4D>(2).add<tf.Tensor4D>(1), expected = plain.velocity(fixture.params)(xt, t, c);
      close(backbone.velocity(params)(xt, t, c), expected, { relative: 1e-6 });
      const adapter = createLora(backbone.targets, { rank: 2, alpha: 2, rng: rng(1, "widened") });
      close(backbone.velocity(params, [adapter])(xt, t, c), expected, { relative: 1e-6 });
      // Now an adapter of conv_in alone, whose second factor is not zero.
      const up = tf.ones(adapter.params["conv_in.lora_B.weight"].shape);
      const moved = { ...adapter, params: { ...adapter.params, "conv_in.lora_B.weight": up } };
      const velocity = backbone.velocity(params, [moved]);
      assert(velocity(xt, t, c).sub(velocity(xt, t, xt)).abs().max().dataSync()[0] > 1e-3);
    });
  });

  tensorTest(`a field of a UNet leaves nothing but its result behind, ${name}`, async () => {
    await withUnet(name, async (fixture) => {
      using scope = tensorScope();
      const { config, params, inputs: { context, pooled } } = fixture;
      const [xt, t, one, text] = scope.own(tf.tidy(() => {
        return [
          tf.ones([2, 8, 12, 4]),
          tf.tensor1d([0.2, 0.7]),
          context.slice(0, 1),
          ...pooled ? [pooled.slice(0, 1)] : [],
        ];
      })) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor, tf.Tensor];
      for (const checkpointing of [false, true]) {
        const field = unetBackbone(config, { context: one, pooled: text, conditioning: "none", checkpointing })
          .velocity(params);
        assertEquals(await newTensors(() => scope.own(field(xt, t, xt))), 1);
        const gradient = tf.grad((x) => field(x as tf.Tensor4D, t, xt).square().sum());
        assertEquals(await newTensors(() => scope.own(gradient(xt))), 1);
      }
    });
  });
}

tensorTest(
  "init() gives every parameter its shape and depends on the seed alone; the first output is zero",
  async () => {
    using scope = tensorScope();
    const config = unetConfig("sd15"), context = scope.own(tf.zeros([1, 3, 12]));
    const backbone = unetBackbone(config, { context, conditioning: "none" });
    const [a, b, c] = [3, 3, 4].map((seed) => scope.own(backbone.init(seed)));
    matchParams(a, backbone.shapes);
    const [first, again, other] = await Promise.all([a, b, c].map(hashParams));
    assertEquals(first, again);
    assert(first !== other);
    const xt = scope.own(tf.ones<tf.Rank.R4>([1, 4, 4, 4])), t = scope.own(tf.tensor1d([0.5]));
    close(scope.own(backbone.velocity(a)(xt, t, xt)), scope.own(tf.zerosLike(xt)), 0);
  },
);

tensorTest("unetBackbone() refuses what does not fit", () => {
  const config = unetConfig("sdxl"), context = tf.zeros([1, 7, 24]), pooled = tf.zeros([1, 20]);
  const make = (changed: object) => () => unetBackbone(config, { context, pooled, conditioning: "none", ...changed });
  assertThrows(make({ conditioning: "channel" }), RangeError, "inChannels must be 8: current value is 4");
  assertThrows(make({ pooled: undefined }), RangeError, "needs pooled text: current value is undefined");
  assertThrows(make({ pooled: tf.zeros([1, 12]) }), RangeError, "must be 20");
  assertThrows(make({ context: tf.zeros([2, 7, 24]) }), RangeError, "must be 1");
  const plain = () => unetBackbone(unetConfig("sd15"), { context: tf.zeros([1, 7, 12]), pooled, conditioning: "none" });
  assertThrows(plain, RangeError, "has no input for pooled text: current value is [1,20]");

  const field = make({})().velocity({}), t = tf.tensor1d([0.5]);
  const of = (...shape: [number, number, number, number]) => tf.zeros<tf.Rank.R4>(shape);
  assertThrows(() => field(of(1, 6, 8, 4), t, of(1, 6, 8, 4)), RangeError, "multiples of 4: current value is 6 x 8");
  assertThrows(() => field(of(1, 8, 8, 4), t, of(1, 4, 4, 4)), RangeError, "axis 1 (H) must be 8");
  assertThrows(() => field(of(1, 8, 8, 16), t, of(1, 8, 8, 16)), RangeError, "axis 3 (4) must be 4");
});

tensorTest("weights of a UNet with missing and unmatched names are refused with a list of them", async () => {
  await withUnet("sd15", ({ config, params }) => {
    const { "mid_block.resnets.1.conv2.bias": _, ...rest } = params;
    const wrong = {
      ...rest,
      "mid_block.resnets.2.conv2.bias": tf.zeros([16]),
      "conv_out.weight": tf.zeros([4, 8, 1, 1]),
    };
    assertThrows(
      () => matchParams(wrong, unetShapes(config)),
      DataError,
      "1 missing: mid_block.resnets.1.conv2.bias; 1 unmatched: mid_block.resnets.2.conv2.bias; " +
        "1 of another shape: conv_out.weight [4,8,1,1] for [4,8,3,3]",
    );
  });
});

tensorTest("widenInput() widens FLUX's x_embedder too, and refuses what is wider or missing", () => {
  const weight = tf.ones([2, 64]), params = { "x_embedder.weight": weight, "x_embedder.bias": tf.zeros([2]) };
  const wide = widenInput(params, "x_embedder", 128);
  close(wide["x_embedder.weight"], tf.concat([weight, tf.zerosLike(weight)], 1), 0);
  assert(wide["x_embedder.bias"] === params["x_embedder.bias"]);
  assertThrows(() => widenInput(wide, "x_embedder", 64), RangeError, "at most 64 inputs: current value is [2,128]");
  assertThrows(() => widenInput(params, "conv_in", 8), RangeError, "Cannot widen conv_in");
});
