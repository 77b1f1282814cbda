import { tf } from "../../lib/engine/mod.ts";
import { doubleBlock, type FluxPass, singleBlock } from "../../lib/backbones/mod.ts";
import { adaptiveLayerNorm, gelu, linear, rmsNorm, silu, sinusoid } from "../../lib/nn/mod.ts";
import { fluxBlocks, fluxEnd, fluxStart, joinStreams } from "../../lib/backbones/flux.ts";
import { close, tensorTest } from "../support.ts";
import { closeToFlux, type FluxFixture, tinyConfig, withFlux } from "./flux_fixture.ts";

// Goldens: activations of diffusers 0.42.1 on PyTorch 2.15.0. Every part runs on the golden activation before it, so the
// sinusoid's rounding stays out and float32 alone is left: atol 1e-5.
const ATOL = 1e-5;

function passOf({ params, io, inputs }: FluxFixture): FluxPass {
  const modulation = silu(io["act.time_text_embed"]);
  return { heads: tinyConfig.heads, params, adapters: [], modulation, rope: inputs.rope };
}

tensorTest("sinusoid() and the embedders equal diffusers", async () => {
  await withFlux([], ({ params, io }) => {
    const time = sinusoid(io["in.timestep"].mul(1000), 256), guidance = sinusoid(io["in.guidance"].mul(1000), 256);
    close(time, io["act.time_text_embed.time_proj"], 5e-4); // the argument reaches 3500 rad
    close(guidance, io["act.time_text_embed.time_proj#1"], 5e-4);
    const embed = (module: string, x: tf.Tensor) => {
      const name = `time_text_embed.${module}`;
      close(
        linear(params, `${name}.linear_2`, silu(linear(params, `${name}.linear_1`, x))),
        io[`act.${name}`],
        ATOL,
      );
    };
    embed("timestep_embedder", io["act.time_text_embed.time_proj"]);
    embed("guidance_embedder", io["act.time_text_embed.time_proj#1"]);
    embed("text_embedder", io["in.pooled_projections"]);
    close(linear(params, "x_embedder", io["in.hidden_states"]), io["act.x_embedder"], ATOL);
    close(linear(params, "context_embedder", io["in.encoder_hidden_states"]), io["act.context_embedder"], ATOL);
  });
});

tensorTest("the parts of a double block equal diffusers", async () => {
  await withFlux([], ({ params, io }) => {
    const block = "transformer_blocks.0", act = (name: string) => io[`act.${block}.${name}`];
    close(linear(params, `${block}.attn.to_q`, act("norm1.0")), act("attn.to_q"), ATOL);
    const heads = act("attn.to_q").reshape([2, 24, 2, 16]);
    close(rmsNorm(heads, params[`${block}.attn.norm_q.weight`]), act("attn.norm_q"), ATOL);
    const modulation = silu(io["act.time_text_embed"]);
    for (const [norm, x] of [["norm1", "act.x_embedder"], ["norm1_context", "act.context_embedder"]]) {
      const mods = tf.split(linear(params, `${block}.${norm}.linear`, modulation), 6, 1);
      [2, 3, 4, 5].forEach((k, i) => close(mods[k], act(`${norm}.${i + 1}`), ATOL));
      close(adaptiveLayerNorm(io[x], mods[1].expandDims(1), mods[0].expandDims(1)), act(`${norm}.0`), ATOL);
    }
  });
});

tensorTest("doubleBlock() equals diffusers", async () => {
  await withFlux([], (fixture) => {
    const { io } = fixture, pass = passOf(fixture);
    let streams = { text: io["act.context_embedder"], image: io["act.x_embedder"] };
    for (const block of ["transformer_blocks.0", "transformer_blocks.1"]) {
      const { text, image } = doubleBlock(pass, block, streams);
      close(text, io[`act.${block}.0`], ATOL);
      close(image, io[`act.${block}.1`], ATOL);
      streams = { text: io[`act.${block}.0`], image: io[`act.${block}.1`] };
    }
  });
});

tensorTest("singleBlock() equals diffusers", async () => {
  await withFlux([], (fixture) => {
    const { io, params } = fixture, pass = passOf(fixture);
    const joined = (block: string) => tf.concat([io[`act.${block}.0`], io[`act.${block}.1`]], 1);
    const first = "single_transformer_blocks.0", second = "single_transformer_blocks.1";
    close(singleBlock(pass, first, joined("transformer_blocks.1")), joined(first), ATOL);
    close(singleBlock(pass, second, joined(first)), joined(second), ATOL);
    const hidden = linear(params, `${first}.proj_mlp`, io[`act.${first}.norm.0`]);
    close(hidden, io[`act.${first}.proj_mlp`], ATOL);
    const both = tf.concat([io[`act.${first}.attn`], gelu(hidden)], -1);
    close(linear(params, `${first}.proj_out`, both), io[`act.${first}.proj_out`], ATOL);
  });
});

tensorTest("the blocks equal diffusers with residuals added to the image tokens after each", async () => {
  await withFlux(["flux/flux_tiny_controlres_io"], (fixture) => {
    const { params, inputs, files: [golden] } = fixture, { double, single } = fluxBlocks(tinyConfig);
    const { modulation, streams: { text, image } } = fluxStart(tinyConfig, params, inputs, []);
    const pass = { ...passOf(fixture), modulation, rope: inputs.rope }, tokens = text.shape[1]!;
    let streams = { text, image };
    for (const block of double) {
      const after = doubleBlock(pass, block, streams);
      streams = { text: after.text, image: after.image.add(golden["in.double_res.0"]) }; // one residual for both
    }
    let joint = joinStreams(streams);
    single.forEach((block, i) => {
      joint = singleBlock(pass, block, joint).add(golden[`in.single_res.${i}`].pad([[0, 0], [tokens, 0], [0, 0]]));
    });
    closeToFlux(fluxEnd(pass, joint, tokens), golden["out.sample"]);
  });
});

tensorTest("the last layer scales first and shifts second, as in diffusers", async () => {
  await withFlux([], ({ params, io }) => {
    const [scale, shift] = tf.split(
      linear(params, "norm_out.linear", silu(io["act.time_text_embed"])).expandDims(1),
      2,
      -1,
    );
    const normed = adaptiveLayerNorm(io["act.single_transformer_blocks.1.1"], scale, shift);
    close(normed, io["act.norm_out"], ATOL);
    close(linear(params, "proj_out", normed), io["act.proj_out"], ATOL);
  });
});
