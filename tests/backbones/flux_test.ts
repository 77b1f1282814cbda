import { assertThrows } from "@std/assert";
import { tensorScope } from "../../lib/core/mod.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import { fluxForward } from "../../lib/backbones/mod.ts";
import { ropeTable } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { closeToFlux, idsOf, tinyConfig, withFlux } from "./flux_fixture.ts";

// Goldens: diffusers 0.42.1 on PyTorch 2.15.0, float32.

tensorTest("fluxForward() equals diffusers", async () => {
  await withFlux(
    [],
    ({ params, inputs, io }) => closeToFlux(fluxForward(tinyConfig, params, inputs), io["out.sample"]),
  );
});

for (const rounded of ["bf16", "f16"]) {
  tensorTest(`fluxForward() equals diffusers with weights read from ${rounded}`, async () => {
    await withFlux([`flux/flux_tiny_${rounded}_io`], ({ params, inputs, files: [golden] }) => {
      closeToFlux(fluxForward(tinyConfig, params, inputs), golden["out.sample"]);
    }, `flux/flux_tiny_${rounded}.safetensors`);
  });
}

tensorTest("fluxForward() gives the same bytes with weights read from shards", async () => {
  using scope = tensorScope();
  const outputs: tf.Tensor[] = [];
  for (const weights of ["flux/flux_tiny.safetensors", "flux/sharded"]) {
    await withFlux([], ({ params, inputs }) => {
      outputs.push(scope.own(tf.keep(fluxForward(tinyConfig, params, inputs))));
    }, weights);
  }
  close(outputs[1], outputs[0], 0);
});

tensorTest("fluxForward() equals diffusers without guidance, as FLUX.1-schnell has it", async () => {
  await withFlux(["flux/flux_tiny_noguidance_io"], ({ params, inputs, files: [golden] }) => {
    const config = { ...tinyConfig, guidance: false };
    closeToFlux(fluxForward(config, params, { ...inputs, guidance: undefined }), golden["out.sample"]);
  });
});

tensorTest("fluxForward() equals diffusers with the condition as tokens", async () => {
  await withFlux(["flux/flux_tiny_tokenconcat_io"], ({ params, inputs, io, files: [golden] }) => {
    const ids = [...idsOf(io), ...golden["in.cond_ids"].arraySync() as number[][]];
    const hiddenStates = tf.concat([inputs.hiddenStates, golden["in.cond_packed"]], 1);
    const output = fluxForward(tinyConfig, params, {
      ...inputs,
      hiddenStates,
      rope: ropeTable(ids, tinyConfig.axesWidths),
    });
    closeToFlux(output, golden["out.sample_all"]);
    closeToFlux(output.slice([0, 0, 0], [2, 24, 64]), golden["out.sample"]);
  });
});

tensorTest("fluxForward() equals diffusers with the condition on the channels", async () => {
  await withFlux(["flux/flux_tiny_chanconcat_io"], ({ params, inputs, files: [golden] }) => {
    const config = { ...tinyConfig, inChannels: 128 };
    const widened = { ...params, "x_embedder.weight": golden["w.x_embedder.weight"] };
    const output = fluxForward(config, widened, { ...inputs, condition: golden["in.cond_packed"] });
    closeToFlux(output, golden["out.sample"]);
  });
});

tensorTest("fluxForward() ignores a condition whose weights are zero", async () => {
  await withFlux(["flux/flux_tiny_chanconcat_io"], ({ params, inputs, files: [golden] }) => {
    const weight = params["x_embedder.weight"];
    const widened = { ...params, "x_embedder.weight": tf.concat([weight, tf.zerosLike(weight)], 1) };
    const config = { ...tinyConfig, inChannels: 128 };
    close(
      fluxForward(config, widened, { ...inputs, condition: golden["in.cond_packed"] }),
      fluxForward(tinyConfig, params, inputs),
      0,
    );
  });
});

tensorTest("fluxForward() is the same traced and eager", async () => {
  await withFlux([], async ({ params, inputs }) => {
    using scope = tensorScope();
    const { rope, ...given } = inputs;
    const forward = (tensors: typeof given) => fluxForward(tinyConfig, params, { ...tensors, rope });
    const step = trace((tensors: Record<string, tf.Tensor>) => forward(tensors as unknown as typeof given));
    const traced = scope.own(await step(given as unknown as Record<string, tf.Tensor>));
    close(traced, scope.own(tf.tidy(() => forward(given))), { relative: 1e-5 });
    step.dispose();
  });
});

tensorTest("fluxForward() refuses guidance that does not fit the transformer", async () => {
  await withFlux([], ({ params, inputs }) => {
    const without = { ...inputs, guidance: undefined };
    assertThrows(() => fluxForward(tinyConfig, params, without), RangeError, "needs a guidance scale");
    const config = { ...tinyConfig, guidance: false };
    assertThrows(() => fluxForward(config, params, inputs), RangeError, "has no guidance input");
  });
});
