import { tf } from "../../lib/engine/mod.ts";
import { fluxBackbone, packLatents, unpackLatents } from "../../lib/backbones/mod.ts";
import { autoencoderCodec, flowMatchGrid, fluxShift, sample } from "../../lib/flow/mod.ts";
import { channelsLast, withAutoencoder } from "../backbones/autoencoder_fixture.ts";
import { tinyConfig, withFlux } from "../backbones/flux_fixture.ts";
import { tensorScope } from "../../lib/core/mod.ts";
import { close, tensorTest } from "../support.ts";

// Golden: FluxKontextPipeline of diffusers 0.42.1 with PEFT 0.21.2 on PyTorch 2.15.0, float32.
tensorTest("a low-resolution image becomes the image that diffusers makes of it", async () => {
  await withFlux(["pipeline/sr_token_io"], async ({ params, sft, dpo, files: [golden] }) => {
    await withAutoencoder("vae_flux_tiny", async (autoencoder) => {
      using scope = tensorScope();
      const codec = autoencoderCodec(autoencoder.config, autoencoder.params, { multiple: 8 });
      const { "in.lq": lq, "in.noise": noise, "out.image01": image01 } = scope.own(channelsLast({
        "in.lq": golden["in.lq"].clone(),
        "in.noise": golden["in.noise"].clone(),
        "out.image01": golden["out.image01"].clone(),
      }));
      const backbone = fluxBackbone(tinyConfig, {
        context: golden["in.prompt_embeds"],
        pooled: golden["in.pooled"],
        conditioning: "token",
        guidance: 2.5,
      });
      const latent = scope.own(
        await sample({
          field: backbone.velocity(params, [sft, dpo]),
          x0: noise,
          c: scope.own(codec.encode(lq)),
          times: flowMatchGrid(4, { mu: fluxShift(24) }), // tokens of the result, without the condition's
        }),
      );
      tf.tidy(() => {
        close(packLatents(latent), golden["out.packed_latent"], 5e-4);
        close(codec.decode(latent).add(1).div(2).clipByValue(0, 1), image01, 2e-4);
        // Also from diffusers' own latent, so that the decoder is seen apart from the sampling.
        const theirs = unpackLatents(golden["out.packed_latent"] as tf.Tensor3D, 8, 12);
        close(codec.decode(theirs).add(1).div(2).clipByValue(0, 1), image01, 5e-5);
      });
    });
  });
});
