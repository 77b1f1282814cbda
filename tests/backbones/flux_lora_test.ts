import { assertEquals } from "@std/assert";
import { tensorScope } from "../../lib/core/mod.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import { fluxForward } from "../../lib/backbones/mod.ts";
import { type Adapter, loraModules, mergeLora, sumLora, weightLora } from "../../lib/nn/mod.ts";
import { close, tensorTest } from "../support.ts";
import { closeToFlux, type FluxFixture, tinyConfig, withFlux } from "./flux_fixture.ts";

// Goldens: PEFT 0.21.2 on diffusers 0.42.1 and PyTorch 2.15.0, float32.

const combinations: Record<string, (fixture: FluxFixture) => Adapter[]> = {
  "base": () => [],
  "sft": ({ sft }) => [sft],
  "dpo": ({ dpo }) => [dpo],
  "sft+dpo": ({ sft, dpo }) => [sft, dpo],
  "sft*0.5+dpo": ({ sft, dpo }) => [weightLora(sft, 0.5), dpo],
};

for (const [name, choose] of Object.entries(combinations)) {
  tensorTest(`fluxForward() equals PEFT with ${name}`, async () => {
    await withFlux(["lora/lora_io"], (fixture) => {
      const { params, inputs, files: [golden] } = fixture;
      closeToFlux(fluxForward(tinyConfig, params, inputs, choose(fixture)), golden[`out.${name}`]);
    });
  });
}

for (const [name, weight] of [["sft+dpo", 1], ["sft*0.5+dpo", 0.5]] as const) {
  tensorTest(`sumLora() makes one adapter with PEFT's output of ${name}`, async () => {
    await withFlux(["lora/lora_io"], (fixture) => {
      const { params, inputs, sft, dpo, files: [golden] } = fixture;
      const sum = sumLora([weightLora(sft, weight), dpo]);
      assertEquals([sum.rank, sum.alpha, loraModules(sum).length], [7, 7, loraModules(sft).length]);
      closeToFlux(fluxForward(tinyConfig, params, inputs, [sum]), golden[`out.${name}`]);
    });
  });
}

tensorTest("mergeLora() gives PEFT's merged weights, and fluxForward() its output", async () => {
  await withFlux(["lora/merged_sft_dpo", "lora/lora_io"], ({ params, inputs, sft, dpo, files: [weights, golden] }) => {
    const merged = mergeLora(params, [sft, dpo]);
    for (const [name, weight] of Object.entries(weights)) close(merged[name], weight, 1e-6);
    closeToFlux(fluxForward(tinyConfig, merged, inputs), golden["out.merged"]);
    close(fluxForward(tinyConfig, merged, inputs), fluxForward(tinyConfig, params, inputs, [sft, dpo]), {
      relative: 1e-5,
    });
  });
});

/** Loss and gradients of one adapter on top of `below`, as a plain function of its tensors. */
function gradients(fixture: FluxFixture, target: tf.Tensor, below: Adapter[], top: Adapter, checkpointing = false) {
  const { params, inputs } = fixture;
  const names = Object.keys(top.params);
  const loss = (...tensors: tf.Tensor[]) => {
    const trained = { ...top, params: Object.fromEntries(names.map((name, i) => [name, tensors[i]])) };
    const output = fluxForward(tinyConfig, params, inputs, [...below, trained], { checkpointing });
    return output.sub(target).square().mean().asScalar();
  };
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => top.params[name]));
  return { loss: value, grads: Object.fromEntries(names.map((name, i) => [name, grads[i]])) };
}

for (const checkpointing of [false, true]) {
  const how = checkpointing ? "with checkpointing" : "without checkpointing";
  tensorTest(`gradients of an adapter equal PyTorch's ${how}`, async () => {
    await withFlux(["lora/lora_grads"], (fixture) => {
      const { sft, dpo, files: [golden] } = fixture;
      const { loss, grads } = gradients(fixture, golden["in.target"], [sft], dpo, checkpointing);
      close(loss, golden.loss.asScalar(), { relative: 1e-5 });
      for (const [name, gradient] of Object.entries(grads)) close(gradient, golden[`grad.${name}`], 1e-5);
    });
  });
}

tensorTest("gradients of a traced step equal those of an eager one, with and without checkpointing", async () => {
  await withFlux(["lora/lora_grads"], async (fixture) => {
    using scope = tensorScope();
    const { sft, dpo, files: [golden] } = fixture;
    const { grads: eager } = scope.own(tf.tidy(() => gradients(fixture, golden["in.target"], [sft], dpo)));
    for (const checkpointing of [false, true]) {
      const step = trace((params: Adapter["params"]) =>
        gradients(fixture, golden["in.target"], [sft], { ...dpo, params }, checkpointing).grads
      );
      const traced = scope.own(await step(dpo.params));
      for (const [name, gradient] of Object.entries(traced)) close(gradient, eager[name], 1e-6);
      step.dispose();
    }
  });
});

tensorTest("a new adapter leaves the output as it is, and only its B has a gradient", async () => {
  await withFlux(["lora/lora_grads", "lora/lora_grads_zero_init"], (fixture) => {
    const { params, inputs, sft, dpo, files: [{ "in.target": target }, golden] } = fixture;
    const zeroed = Object.entries(dpo.params).map(([name, tensor]) =>
      [name, name.includes("lora_B") ? tf.zerosLike(tensor) : tensor] as const
    );
    const fresh = { ...dpo, params: Object.fromEntries(zeroed) };
    close(fluxForward(tinyConfig, params, inputs, [sft, fresh]), fluxForward(tinyConfig, params, inputs, [sft]), 0);
    const { loss, grads } = gradients(fixture, target, [sft], fresh);
    close(loss, golden.loss.asScalar(), { relative: 1e-5 });
    for (const [name, gradient] of Object.entries(grads)) {
      if (name.includes("lora_A")) close(gradient, tf.zerosLike(gradient), 0);
      else close(gradient, golden[`grad.${name}`], 1e-5);
    }
  });
});

tensorTest("the gradient for the input tokens equals PyTorch's", async () => {
  await withFlux(
    ["lora/lora_grads", "lora/input_grad"],
    ({ params, inputs, sft, files: [{ "in.target": target }, golden] }) => {
      const loss = (hiddenStates: tf.Tensor) =>
        fluxForward(tinyConfig, params, { ...inputs, hiddenStates }, [sft]).sub(target).square().sum().asScalar();
      const { value, grad } = tf.valueAndGrad(loss)(inputs.hiddenStates);
      close(value, golden.loss.asScalar(), { relative: 1e-4 });
      close(grad, golden["grad.hidden_states"], { absolute: 2e-4, relative: 1e-4 });
    },
  );
});

tensorTest("fluxForward() equals diffusers with an adapter on a widened x_embedder", async () => {
  await withFlux(["lora/channel_lora", "lora/channel_lora_io"], ({ params, inputs, files: [tensors, golden] }) => {
    const stripped = Object.entries(tensors).map(([name, tensor]) => [name.replace(/^transformer\./, ""), tensor]);
    const weight = params["x_embedder.weight"];
    const widened = { ...params, "x_embedder.weight": tf.concat([weight, tf.zerosLike(weight)], 1) };
    const adapter: Adapter = { rank: 3, alpha: 3, params: Object.fromEntries(stripped) };
    const config = { ...tinyConfig, inChannels: 128 };
    const output = fluxForward(config, widened, { ...inputs, condition: golden["in.cond_packed"] }, [adapter]);
    closeToFlux(output, golden["out.sample"]);
  });
});
