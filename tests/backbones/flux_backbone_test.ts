import { assertEquals, assertThrows } from "@std/assert";
import { normalTensor, rng } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import {
  fluxBackbone,
  type FluxBackboneOptions,
  fluxForward,
  packLatents,
  patchify,
  unpackLatents,
  unpatchify,
} from "../../lib/backbones/mod.ts";
import { ropeTable } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { closeToFlux, type FluxFixture, tinyConfig, withFlux } from "./flux_fixture.ts";

/** [B, C, H, W] of the goldens to the latents of this project. */
function latents(golden: tf.Tensor): tf.Tensor4D {
  return golden.transpose<tf.Tensor4D>([0, 2, 3, 1]);
}

/** The fixture's first sample as a backbone: its text serves the whole batch. */
function firstSample({ inputs, io }: FluxFixture, conditioning: FluxBackboneOptions["conditioning"]) {
  const config = { ...tinyConfig, inChannels: conditioning === "channel" ? 128 : 64 };
  const backbone = fluxBackbone(config, {
    context: inputs.encoderHiddenStates.slice(0, 1),
    pooled: inputs.pooledProjections.slice(0, 1),
    conditioning,
    guidance: io["in.guidance"].arraySync()[0 as never] as number,
  });
  const t = tf.sub<tf.Tensor1D>(1, io["in.timestep"].slice(0, 1));
  return { backbone, xt: latents(io["in.latent"]).slice<tf.Tensor4D>(0, 1), t };
}

tensorTest("packLatents() equals diffusers, and unpackLatents() inverts it", async () => {
  await withFlux([], ({ io }) => {
    const z = latents(io["in.latent"]);
    close(packLatents(z), io["in.hidden_states"], 0);
    close(unpackLatents(packLatents(z), 8, 12), z, 0);
    close(unpackLatents(io["out.sample"] as tf.Tensor3D, 8, 12), latents(io["out.unpacked"]), 0);
  });
});

tensorTest("fluxBackbone() turns time and velocity round: v(x, t) = -FLUX(x, 1 - t)", async () => {
  await withFlux([], (fixture) => {
    const { params, io } = fixture, { backbone, xt, t } = firstSample(fixture, "none");
    assertEquals(backbone.parameterCount, Object.values(params).reduce((sum, { size }) => sum + size, 0));
    closeToFlux(backbone.velocity(params)(xt, t, xt), latents(io["out.unpacked"]).slice(0, 1).neg());
  });
});

tensorTest("fluxBackbone() equals diffusers with the condition as tokens", async () => {
  await withFlux(["flux/flux_tiny_tokenconcat_io"], (fixture) => {
    const { params, files: [golden] } = fixture, { backbone, xt, t } = firstSample(fixture, "token");
    const c = latents(golden["in.cond_latent"]).slice<tf.Tensor4D>(0, 1);
    const expected = unpackLatents(golden["out.sample"].slice(0, 1) as tf.Tensor3D, 8, 12).neg();
    closeToFlux(backbone.velocity(params)(xt, t, c), expected);
  });
});

tensorTest("fluxBackbone() spreads the tokens of a smaller condition over the image", async () => {
  await withFlux([], (fixture) => {
    const { params, inputs } = fixture, { backbone, xt, t } = firstSample(fixture, "token");
    const c = normalTensor<tf.Rank.R4>(rng(1, "condition"), [1, 4, 6, 16]); // a quarter of the tokens
    const table = ropeTable([
      ...Array.from({ length: 5 }, () => [0, 0, 0]),
      ...Array.from({ length: 24 }, (_, k) => [0, Math.floor(k / 6), k % 6]),
      ...Array.from({ length: 6 }, (_, k) => [1, 2 * Math.floor(k / 3), 2 * (k % 3)]),
    ], tinyConfig.axesWidths);
    const output = fluxForward(tinyConfig, params, {
      hiddenStates: tf.concat([packLatents(xt), packLatents(c)], 1),
      encoderHiddenStates: inputs.encoderHiddenStates.slice(0, 1),
      pooledProjections: inputs.pooledProjections.slice(0, 1),
      sigma: tf.sub<tf.Tensor1D>(1, t),
      guidance: inputs.guidance!.slice<tf.Tensor1D>(0, 1),
      rope: table,
    });
    const expected = unpackLatents(output.slice<tf.Tensor3D>([0, 0, 0], [1, 24, 64]), 8, 12).neg();
    close(backbone.velocity(params)(xt, t, c), expected, 1e-5);
  });
});

tensorTest("fluxBackbone() equals diffusers with the condition on the channels", async () => {
  await withFlux(["flux/flux_tiny_chanconcat_io"], (fixture) => {
    const { params, files: [golden] } = fixture, { backbone, xt, t } = firstSample(fixture, "channel");
    const widened = { ...params, "x_embedder.weight": golden["w.x_embedder.weight"] };
    const c = unpackLatents(golden["in.cond_packed"].slice(0, 1) as tf.Tensor3D, 8, 12);
    const expected = unpackLatents(golden["out.sample"].slice(0, 1) as tf.Tensor3D, 8, 12).neg();
    closeToFlux(backbone.velocity(widened)(xt, t, c), expected);
  });
});

tensorTest("fluxForward() takes one text for a whole batch", async () => {
  await withFlux([], ({ params, inputs }) => {
    const one = {
      encoderHiddenStates: inputs.encoderHiddenStates.slice(0, 1),
      pooledProjections: inputs.pooledProjections.slice(0, 1),
    };
    const repeated = {
      encoderHiddenStates: tf.concat([one.encoderHiddenStates, one.encoderHiddenStates]),
      pooledProjections: tf.concat([one.pooledProjections, one.pooledProjections]),
    };
    close(
      fluxForward(tinyConfig, params, { ...inputs, ...one }),
      fluxForward(tinyConfig, params, { ...inputs, ...repeated }),
      { relative: 1e-6 },
    );
  });
});

tensorTest("fluxBackbone() refuses widths that do not fit the conditioning", () => {
  const options = { context: tf.zeros([1, 5, 24]), pooled: tf.zeros([1, 20]), conditioning: "channel" } as const;
  assertThrows(() => fluxBackbone(tinyConfig, options), RangeError, "inChannels must be 128: current value is 64");
});

tensorTest("patchify() orders a patch by row, column and channel, and unpatchify() inverts it", () => {
  const x = tf.range(0, 4 * 6 * 2).reshape<tf.Tensor4D>([1, 4, 6, 2]);
  // NumPy: x.reshape(2, 2, 3, 2, 2).transpose(0, 2, 1, 3, 4).reshape(6, 8)[1]
  close(patchify(x, 2).slice([0, 1, 0], [1, 1, 8]), [4, 5, 6, 7, 16, 17, 18, 19], 0);
  const image = normalTensor<tf.Rank.R4>(rng(1, "patches"), [2, 8, 12, 3]);
  close(unpatchify(patchify(image, 4), 4, 8, 12), image, 0);
});
