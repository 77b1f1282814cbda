import { assertThrows } from "@std/assert";
import { tensorScope } from "../../lib/core/mod.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import {
  downLevel,
  middle,
  unetEmbedding,
  unetForward,
  type UnetInputs,
  type UnetPass,
  upLevel,
} from "../../lib/backbones/mod.ts";
import { conv2d, groupNorm, linear, resnetBlock, silu, sinusoid } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { channelsLast, type UnetFixture, unetNames, withUnet } from "./unet_fixture.ts";

// Goldens: diffusers 0.42.1 on PyTorch 2.15.0, float32.
const ATOL = 5e-5;

/** What the blocks share, from the golden embedding. */
function passOf({ config, params, inputs, io }: UnetFixture): UnetPass {
  const time = io["act.time_embedding"], added = io["act.add_embedding"];
  const embedding = silu(added ? time.add(added) : time);
  return { config, params, adapters: [], embedding, context: inputs.context, checkpointing: false };
}

for (const name of unetNames) {
  tensorTest(`unetForward() equals diffusers, ${name}`, async () => {
    await withUnet(name, ({ config, params, inputs, io }) => {
      close(unetForward(config, params, inputs), channelsLast(io["out.sample"]), ATOL);
    });
  });

  tensorTest(`the embeddings of time equal diffusers, ${name}`, async () => {
    await withUnet(name, ({ config, params, inputs, io }) => {
      close(sinusoid(inputs.timestep, config.widths[0]), io["act.time_proj"], 5e-4); // the argument reaches 803 rad
      const time = io["act.time_embedding"], added = io["act.add_embedding"];
      close(unetEmbedding(config, params, inputs), added ? time.add(added) : time, ATOL);
      if (!config.added) return;
      const sizes = inputs.sizes!.reshape<tf.Tensor1D>([-1]);
      close(sinusoid(sizes, config.added.sizeWidth), io["act.add_time_proj"], 5e-4);
      const waves = io["act.add_time_proj"].reshape([2, -1]);
      const hidden = silu(linear(params, "add_embedding.linear_1", tf.concat([inputs.pooled!, waves], 1)));
      close(linear(params, "add_embedding.linear_2", hidden), added, ATOL);
    });
  });

  tensorTest(`the blocks of a UNet equal diffusers, ${name}`, async () => {
    await withUnet(name, (fixture) => {
      const { config, params, inputs, io } = fixture, pass = passOf(fixture);
      const act = (module: string) => channelsLast(io[`act.${module}`]);
      close(conv2d(params, "conv_in", inputs.sample, { padding: 1 }), act("conv_in"), ATOL);
      const first = "down_blocks.0.resnets.0", shift = linear(params, `${first}.time_emb_proj`, pass.embedding);
      const { groups } = config, options = { groups, epsilon: 1e-5, shift };
      close(resnetBlock(params, first, act("conv_in"), options), act(first), ATOL);
      const skips = [act("conv_in")];
      for (let level = 0; level < 3; level++) {
        const maps = downLevel(pass, level, skips[skips.length - 1]), attended = `down_blocks.${level}.attentions.0.0`;
        if (`act.${attended}` in io) close(maps[0], act(attended), ATOL);
        close(maps[maps.length - 1], act(`down_blocks.${level}.0`), ATOL);
        skips.push(...maps);
      }
      close(middle(pass, act("down_blocks.2.0")), act("mid_block"), ATOL);
      let x = act("mid_block");
      for (let block = 0; block < 3; block++) {
        close(upLevel(pass, 2 - block, x, skips), act(`up_blocks.${block}`), ATOL);
        x = act(`up_blocks.${block}`);
      }
      const normed = groupNorm(x, params["conv_norm_out.weight"], params["conv_norm_out.bias"], options);
      close(normed, act("conv_norm_out"), ATOL);
    });
  });

  tensorTest(`unetForward() takes one text for a whole batch, ${name}`, async () => {
    await withUnet(name, ({ config, params, inputs }) => {
      const first = (x: tf.Tensor | undefined) => x?.slice(0, 1), twice = (x: tf.Tensor) => tf.concat([x, x]);
      const one = { ...inputs, context: first(inputs.context)! };
      const two = { ...inputs, context: twice(one.context) };
      close(unetForward(config, params, one), unetForward(config, params, two), { relative: 1e-5 });
    });
  });

  tensorTest(`unetForward() is the same traced and eager, ${name}`, async () => {
    await withUnet(name, async ({ config, params, inputs }) => {
      using scope = tensorScope();
      const given = Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor !== undefined));
      const forward = (tensors: Record<string, tf.Tensor>) =>
        unetForward(config, params, tensors as unknown as UnetInputs);
      const step = trace(forward);
      const traced = scope.own(await step(given));
      close(traced, scope.own(tf.tidy(() => forward(given))), { relative: 1e-5 });
      step.dispose();
    });
  });
}

tensorTest("unetForward() refuses inputs that do not fit", async () => {
  await withUnet("sdxl", ({ config, params, inputs }) => {
    const run = (changed: Partial<UnetInputs>) => () => unetForward(config, params, { ...inputs, ...changed });
    assertThrows(run({ sample: tf.zeros([2, 6, 8, 4]) }), RangeError, "multiples of 4: current value is 6 x 8");
    assertThrows(run({ sample: tf.zeros([2, 8, 8, 3]) }), RangeError, "axis 3 (4) must be 4");
    assertThrows(run({ context: tf.zeros([1, 7, 12]) }), RangeError, "axis 2 (24) must be 24");
    assertThrows(run({ pooled: undefined }), RangeError, "it needs pooled");
    assertThrows(run({ sizes: undefined }), RangeError, "it needs sizes");
  });
  await withUnet("sd15", ({ config, params, inputs }) => {
    const given = { ...inputs, pooled: tf.zeros([1, 20]) };
    assertThrows(() => unetForward(config, params, given), RangeError, "it has no input for pooled");
  });
});
