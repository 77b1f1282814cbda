import { assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../lib/core/mod.ts";
import {
  autoencoderShapes,
  countShapes,
  FLUX_AUTOENCODER,
  latentFactor,
  parseAutoencoderConfig,
  SD_AUTOENCODER,
  SDXL_AUTOENCODER,
} from "../../lib/backbones/mod.ts";
import { goldenPath, sharedTest } from "../support.ts";

const published = [
  ["flux1_vae", FLUX_AUTOENCODER, 83_819_683, 244],
  ["sd_vae", SD_AUTOENCODER, 83_653_863, 248],
] as const;

for (const [manifest, config, values, tensors] of published) {
  Deno.test(`autoencoderShapes() has as many parameters as ${manifest}`, () => {
    assertEquals(countShapes(autoencoderShapes(config)), values);
    assertEquals(Object.keys(autoencoderShapes(config)).length, tensors);
  });

  // Manifest: diffusers 0.42.1, AutoencoderKL built on the meta device from the published config.
  sharedTest(
    `autoencoderShapes() gives the names and shapes of ${manifest}`,
    `fixtures/models/manifests/${manifest}.json`,
    (path) => {
      const sorted = (shapes: object) => Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => a < b ? -1 : 1));
      assertEquals(sorted(autoencoderShapes(config)), sorted(JSON.parse(Deno.readTextFileSync(path))));
    },
  );
}

const json = (name: string) => JSON.parse(Deno.readTextFileSync(goldenPath(`vae/${name}_config.json`)));

Deno.test("parseAutoencoderConfig() reads diffusers' config.json", () => {
  const flux = {
    latentChannels: 16,
    widths: [8, 16, 16],
    resnets: 2,
    groups: 4,
    midAttention: true,
    quantConv: false,
    postQuantConv: false,
    scale: 0.3611,
    shift: 0.1159,
    sampleSize: 32,
  };
  assertEquals(parseAutoencoderConfig(json("vae_flux_tiny")), flux);
  const sd = { ...flux, latentChannels: 4, quantConv: true, postQuantConv: true, scale: 0.18215, shift: 0 };
  assertEquals(parseAutoencoderConfig(json("vae_sd_tiny")), sd);
  assertEquals(latentFactor(sd), 4);
  assertEquals(latentFactor(SDXL_AUTOENCODER), 8);
});

Deno.test("parseAutoencoderConfig() takes diffusers' defaults where an old config is silent", () => {
  // vae/config.json of Stable Diffusion 1.5
  const old = {
    _class_name: "AutoencoderKL",
    _diffusers_version: "0.6.0",
    act_fn: "silu",
    block_out_channels: [128, 256, 512, 512],
    down_block_types: Array(4).fill("DownEncoderBlock2D"),
    in_channels: 3,
    latent_channels: 4,
    layers_per_block: 2,
    norm_num_groups: 32,
    out_channels: 3,
    sample_size: 512,
    up_block_types: Array(4).fill("UpDecoderBlock2D"),
  };
  assertEquals(parseAutoencoderConfig(old), SD_AUTOENCODER);
});

Deno.test("parseAutoencoderConfig() names the field that does not fit", () => {
  const tiny = json("vae_sd_tiny");
  assertThrows(() => parseAutoencoderConfig({ ...tiny, scaling_factor: 0 }), DataError, "scaling_factor");
  assertThrows(() => parseAutoencoderConfig({ ...tiny, latents_mean: [0, 0, 0, 0] }), DataError, "latents_mean");
  assertThrows(() => parseAutoencoderConfig({ ...tiny, down_block_types: ["X"] }), DataError, "down_block_types.0");
  const two = { ...tiny, up_block_types: tiny.up_block_types.slice(1) };
  assertThrows(() => parseAutoencoderConfig(two), DataError, "3 blocks each way: current value is 2");
  assertThrows(() => parseAutoencoderConfig(null), DataError, "Cannot read autoencoder config");
});
