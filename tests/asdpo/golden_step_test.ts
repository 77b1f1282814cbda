import { disposeParams, type Params, tensorScope, uploadParams } from "../../lib/core/mod.ts";
import { tf, trace } from "../../lib/engine/mod.ts";
import { type Backbone, fluxForward, parseFluxConfig } from "../../lib/backbones/mod.ts";
import { coupledNegative, fieldNegatives } from "../../lib/adversary/mod.ts";
import { type DualLora, dualLora, preferenceObjective } from "../../lib/asdpo/mod.ts";
import { linearPath } from "../../lib/flow/mod.ts";
import { joinRope, ropeGrid } from "../../lib/nn/mod.ts";
import { sobolevWeights } from "../../lib/sobolev/mod.ts";
import { readLora, readSafetensors } from "../../lib/weights/mod.ts";
import { type FixtureArray, fixtureArray, readFixture } from "../fixture.ts";
import { close, goldenPath, tensorTest } from "../support.ts";

// One AS-DPO step on a tiny FLUX: reference = sft, policy = sft + dpo, adversary = adv, made by PyTorch 2.15, diffusers
// 0.42.1 and PEFT 0.21.2. The adapters have non-zero second factors, so all gradients count.
const settings = JSON.parse(Deno.readTextFileSync(goldenPath("dpo/asdpo_step.json")));
const config = parseFluxConfig(JSON.parse(Deno.readTextFileSync(goldenPath("flux/config.json"))));
const golden = readFixture(goldenPath("dpo/asdpo_step_io.safetensors"));
const inputs = readFixture(goldenPath("flux/flux_tiny_io.safetensors"));
const options = { s: settings.s as number, beta: settings.beta as number };

/** The tiny FLUX as a velocity field on latents, with the text of the fixture. */
const tinyFlux: Pick<Backbone, "velocity"> = {
  velocity: (params, adapters = []) => (xt, t) => {
    const [B, H, W, C] = xt.shape;
    // diffusers packs 2 x 2 latents channel by channel.
    const packed = xt.reshape([B * H / 2, 2, W / 2, 2, C]).transpose([0, 2, 4, 1, 3]).reshape([B, H * W / 4, 4 * C]);
    const repeated = (x: tf.Tensor) => tf.tile(x, [B / 2, ...x.shape.slice(1).map(() => 1)]);
    const output = fluxForward(config, params, {
      hiddenStates: packed,
      encoderHiddenStates: repeated(tensor(inputs, "in.encoder_hidden_states")),
      pooledProjections: repeated(tensor(inputs, "in.pooled_projections")),
      sigma: tf.sub<tf.Tensor1D>(1, t),
      guidance: tf.fill<tf.Rank.R1>([B], settings.guidance),
      rope: joinRope(5, ropeGrid(H / 2, W / 2, config.axesWidths)),
    }, adapters);
    const unpacked = output.reshape([B * H / 2, W / 2, C, 2, 2]).transpose([0, 3, 1, 4, 2]);
    return unpacked.reshape<tf.Tensor4D>([B, H, W, C]).neg();
  },
};

function tensor(fixture: Map<string, FixtureArray>, name: string): tf.Tensor {
  const { shape, data } = fixtureArray(fixture, name);
  return tf.tensor(Float32Array.from(data), [...shape]);
}

/** A latent of the fixture in this project's order. `[B, C, H, W] -> [B, H, W, C]` */
function latent(name: string): tf.Tensor4D {
  return tf.tidy(() => tensor(golden, name).transpose([0, 2, 3, 1]));
}

/** Everything the step closes over. */
async function load(): Promise<
  { networks: DualLora; adversary: ReturnType<Backbone["velocity"]>; dpo: Params; all: Params }
> {
  const { tensors: base } = await readSafetensors(goldenPath("flux/flux_tiny.safetensors"));
  const [sft, dpo, adv] = await Promise.all(
    ["lora/sft/pytorch_lora_weights", "lora/dpo/pytorch_lora_weights", "dpo/adv_lora"].map((name) =>
      readLora(goldenPath(`${name}.safetensors`))
    ),
  );
  return {
    networks: dualLora(tinyFlux as Backbone, base, [sft], dpo),
    adversary: tinyFlux.velocity(base, [adv]),
    dpo: dpo.params,
    all: Object.fromEntries(
      [base, sft.params, dpo.params, adv.params].flatMap((params, k) =>
        Object.entries(params).map(([name, value]) => [`${k}.${name}`, value])
      ),
    ),
  };
}

tensorTest("the adversary's coupled negative equals diffusers (Eqs. 16-17)", async () => {
  const { adversary, all } = await load();
  tf.tidy(() => {
    const x0 = latent("in.x0"), t = tensor(golden, "in.t") as tf.Tensor1D;
    const { xt } = linearPath(x0, latent("in.x1"), t);
    close(xt, latent("act.x_w"), 1e-6);
    const negative = coupledNegative(adversary, xt, x0, t, xt);
    close(negative.x1, latent("act.x1_adv"), 2e-4);
    close(negative.xt, latent("act.x_a"), 2e-4);
  });
  disposeParams(all);
});

tensorTest("preferenceObjective() equals a complete AS-DPO step of diffusers, with gradients (Eq. 18)", async () => {
  const { networks: { reference, policy }, adversary, dpo, all } = await load();
  using scope = tensorScope();
  const x1 = scope.own(latent("in.x1")), x0 = scope.own(latent("in.x0"));
  const batch = { x0, x1, c: x1, t: scope.own(tensor(golden, "in.t")) as tf.Tensor1D };
  const names = Object.keys(dpo);
  const step = trace((params: Params, data: typeof batch) => {
    const objective = (bound: Params) =>
      preferenceObjective({ policy: policy(bound), reference, negatives: fieldNegatives(adversary) }, data, options);
    const grads = tf.grads((...values) => objective(Object.fromEntries(values.map((v, i) => [names[i], v]))).loss);
    const { loss, inside, winnerGap, loserGap, winnerEnergy } = objective(params);
    const gradients = Object.fromEntries(grads(names.map((name) => params[name])).map((grad, i) => [names[i], grad]));
    return { loss, inside, winnerGap, loserGap, winnerEnergy, gradients };
  });
  const found = scope.own(await step(dpo, batch));
  step.dispose();
  const energy = (name: string) => fixtureArray(golden, `out.E_${name}`).data;
  const gap = (side: string) => energy(`policy_${side}`).map((value, b) => value - energy(`ref_${side}`)[b]);
  close(found.winnerEnergy, energy("policy_w"), { relative: 1e-5 });
  close(found.winnerGap, gap("w"), 5e-5);
  close(found.loserGap, gap("a"), 5e-5);
  close(found.inside, settings.inside, 5e-5);
  close(found.loss, settings.loss, 1e-5);
  for (const name of names) {
    close(found.gradients[name], fixtureArray(golden, `grad.${name}`).data, { relative: 2e-4, absolute: 1e-6 });
  }
  disposeParams(all);
});

Deno.test("sobolevWeights() are the weights of the golden step", () => {
  const { shape: [H, W], data } = fixtureArray(golden, "in.weight");
  close(sobolevWeights(H, W, options.s, { normalise: "mean" }), data, { relative: 1e-7 });
});

tensorTest("preferenceObjective() of a zero-initialised policy is ln 2 on the tiny FLUX", async () => {
  const { networks: { reference, policy }, adversary, dpo, all } = await load();
  using scope = tensorScope();
  const start = scope.own(uploadParams(Object.fromEntries(
    await Promise.all(
      Object.entries(dpo).map(async ([name, value]) => {
        const data = await value.data<"float32">();
        return [name, { shape: [...value.shape], data: name.includes("lora_B") ? data.map(() => 0) : data }] as const;
      }),
    ),
  )));
  tf.tidy(() => {
    const x0 = latent("in.x0"), x1 = latent("in.x1");
    const batch = { x0, x1, c: x1, t: tensor(golden, "in.t") as tf.Tensor1D };
    const negatives = fieldNegatives(adversary);
    const contest = { policy: policy(start), reference, negatives };
    const { loss, winnerGap, loserGap } = preferenceObjective(contest, batch, { ...options, beta: 2000 });
    close(winnerGap, [0, 0], 0);
    close(loserGap, [0, 0], 0);
    close(loss, Math.LN2, 6e-8);
  });
  disposeParams(all);
});
