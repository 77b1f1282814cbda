import { assert, assertEquals, assertThrows } from "@std/assert";
import { tf } from "../../lib/engine/mod.ts";
import { autoencoderCodec, pixelCodec } from "../../lib/flow/mod.ts";
import { withAutoencoder } from "../backbones/autoencoder_fixture.ts";
import { close, tensorTest } from "../support.ts";

tensorTest("pixelCodec is the identity, and gives tensors of its own", () => {
  const images = tf.linspace(-1, 1, 4 * 8 * 3).reshape([1, 4, 8, 3]) as tf.Tensor4D;
  const latents = pixelCodec.encode(images);
  assert(latents !== images);
  images.dispose();
  close(pixelCodec.decode(latents), tf.linspace(-1, 1, 4 * 8 * 3).reshape([1, 4, 8, 3]), 0);
  assertEquals([pixelCodec.channels, pixelCodec.factor], [3, 1]);
});

// Goldens: diffusers 0.42.1 on PyTorch 2.15.0, float32.
tensorTest("autoencoderCodec() encodes the mode, shifted and scaled, and decodes as diffusers", async () => {
  for (const name of ["vae_flux_tiny", "vae_sd_tiny"] as const) {
    await withAutoencoder(name, ({ config, params }, io) => {
      const codec = autoencoderCodec(config, params);
      const latents = codec.encode(io["in.image"]);
      close(latents, io["out.mean"].sub(config.shift).mul(config.scale), 5e-5);
      assertEquals(latents.shape, [2, 32 / codec.factor, 48 / codec.factor, codec.channels]);
      const decoded = codec.decode(io["out.latent"]);
      close(decoded, io["out.decoded"], 5e-5);
      assertEquals(codec.decode(latents).shape, io["in.image"].shape);
    });
  }
});

tensorTest("autoencoderCodec() works on tiles where it is told to", async () => {
  await withAutoencoder("vae_flux_tiny", ({ config, params }, io) => {
    const codec = autoencoderCodec(config, params, { tile: 32 });
    const { scale, shift } = config;
    close(codec.encode(io["in.big_image"]), io["out.tiled_mean"].sub(shift).mul(scale), 5e-5);
    close(codec.decode(io["in.big_latent"].sub<tf.Tensor4D>(shift).mul(scale)), io["out.tiled_decoded"], 5e-5);
  });
});

tensorTest("codecs refuse sides, tiles and multiples that do not fit", async () => {
  await withAutoencoder("vae_flux_tiny", ({ config, params }) => {
    const packed = autoencoderCodec(config, params, { multiple: 8 }), image = tf.zeros<tf.Rank.R4>([1, 8, 12, 3]);
    assertEquals([packed.factor, packed.multiple], [4, 8]);
    assertThrows(() => packed.encode(image), RangeError, "sides must be multiples of 8: current value is 12 x 8");
    assertThrows(() => autoencoderCodec(config, params).encode(tf.zeros([1, 6, 8, 3])), RangeError, "multiples of 4");
    assertThrows(() => pixelCodec.encode(tf.zeros([1, 4, 6, 3])), RangeError, "multiples of 4: current value is 6 x 4");
    assertThrows(() => autoencoderCodec(config, params, { multiple: 6 }), RangeError, "current value is 6");
    assertThrows(() => autoencoderCodec(config, params, { tile: 30 }), RangeError, "current value is 30");
  });
});
