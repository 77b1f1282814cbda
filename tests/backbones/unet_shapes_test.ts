import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../lib/core/mod.ts";
import {
  countShapes,
  parseUnetConfig,
  SD15_UNET,
  SDXL_UNET,
  type UnetConfig,
  unetFactor,
  unetShapes,
  unetTargets,
} from "../../lib/backbones/mod.ts";
import { goldenPath, sharedTest } from "../support.ts";

const published: readonly [string, UnetConfig, parameters: number, tensors: number][] = [
  ["sd15", SD15_UNET, 859_520_964, 686],
  ["sdxl", SDXL_UNET, 2_567_463_684, 1680],
];

for (const [name, config, parameters, tensors] of published) {
  Deno.test(`unetShapes() has as many parameters as the published UNet, ${name}`, () => {
    assertEquals(countShapes(unetShapes(config)), parameters);
    assertEquals(Object.keys(unetShapes(config)).length, tensors);
  });

  // Manifest: diffusers 0.42.1, UNet2DConditionModel built on the meta device from the published config.
  sharedTest(
    `unetShapes() gives the names and shapes of the published UNet, ${name}`,
    `fixtures/models/manifests/${name}_unet.json`,
    (path) => {
      const manifest = JSON.parse(Deno.readTextFileSync(path));
      const sorted = (shapes: object) => Object.fromEntries(Object.entries(shapes).sort(([a], [b]) => a < b ? -1 : 1));
      assertEquals(sorted(unetShapes(config)), sorted(manifest));
    },
  );
}

Deno.test("unetTargets() are the linear layers of the transformers and the projections around them", () => {
  // A transformer has 2 projections, and 2 x 4 projections and 2 layers per block. SD1.5 has 16 transformers of one block,
  // SDXL 6 of 10 (on the way down 2, in the middle 1, on the way up 3) and 5 of 2 (2 and 3).
  assertEquals(Object.keys(unetTargets(SD15_UNET)).length, 16 * (10 + 2));
  assertEquals(Object.keys(unetTargets(SDXL_UNET)).length, 6 * (10 * 10 + 2) + 5 * (2 * 10 + 2));
  const targets = unetTargets(SD15_UNET), block = "down_blocks.1.attentions.0.transformer_blocks.0";
  assertEquals(targets["down_blocks.1.attentions.0.proj_in"], { in: 640, out: 640, kernel: [1, 1] });
  assertEquals(targets[`${block}.attn2.to_k`], { in: 768, out: 640 });
  assertEquals(targets[`${block}.ff.net.0.proj`], { in: 640, out: 5120 });
  assert(!("conv_in" in targets));
});

Deno.test("unetTargets() has conv_in where the condition is on the channels", () => {
  const targets = unetTargets({ ...SD15_UNET, inChannels: 8 });
  assertEquals(targets.conv_in, { in: 72, out: 320, kernel: [3, 3] });
  assertEquals(Object.keys(targets).length, 16 * (10 + 2) + 1);
});

Deno.test("unetFactor() is the size of the coarsest level's pixel", () => {
  assertEquals([SD15_UNET, SDXL_UNET].map(unetFactor), [8, 4]);
});

/** The fields of the published config files that a reader needs (SD1.5 is of diffusers 0.6, SDXL of 0.19). */
const files = {
  sd15: {
    _class_name: "UNet2DConditionModel",
    act_fn: "silu",
    attention_head_dim: 8,
    block_out_channels: [320, 640, 1280, 1280],
    center_input_sample: false,
    cross_attention_dim: 768,
    down_block_types: ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
    downsample_padding: 1,
    flip_sin_to_cos: true,
    freq_shift: 0,
    in_channels: 4,
    layers_per_block: 2,
    mid_block_scale_factor: 1,
    norm_eps: 1e-05,
    norm_num_groups: 32,
    out_channels: 4,
    sample_size: 64,
    up_block_types: ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
  },
  sdxl: {
    _class_name: "UNet2DConditionModel",
    addition_embed_type: "text_time",
    addition_time_embed_dim: 256,
    attention_head_dim: [5, 10, 20],
    block_out_channels: [320, 640, 1280],
    cross_attention_dim: 2048,
    down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    in_channels: 4,
    layers_per_block: 2,
    mid_block_only_cross_attention: null,
    norm_num_groups: 32,
    num_attention_heads: null,
    out_channels: 4,
    projection_class_embeddings_input_dim: 2816,
    transformer_layers_per_block: [1, 2, 10],
    up_block_types: ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    upcast_attention: null,
    use_linear_projection: true,
  },
};

Deno.test("parseUnetConfig() reads the published config files", () => {
  assertEquals(parseUnetConfig(files.sd15), SD15_UNET);
  assertEquals(parseUnetConfig(files.sdxl), SDXL_UNET);
});

Deno.test("parseUnetConfig() reads the config files of today", () => {
  const read = (name: string) => parseUnetConfig(JSON.parse(Deno.readTextFileSync(goldenPath(`unet/${name}`))));
  const shared = { inChannels: 4, outChannels: 4, widths: [8, 16, 16], layers: 2, groups: 4 };
  assertEquals(read("unet_sd15_tiny_config.json"), {
    ...shared,
    depths: [1, 1, 0],
    middleDepth: 1,
    heads: [4, 4, 4],
    contextWidth: 12,
    linearProjection: false,
  });
  assertEquals(read("unet_sdxl_tiny_config.json"), {
    ...shared,
    depths: [0, 2, 2],
    middleDepth: 2,
    heads: [1, 2, 4],
    contextWidth: 24,
    linearProjection: true,
    added: { sizeWidth: 8, pooledWidth: 20 },
  });
});

Deno.test("parseUnetConfig() names the field that does not fit", () => {
  const refused = (changed: object, field: string, from: object = files.sd15) =>
    assertThrows(() => parseUnetConfig({ ...from, ...changed }), DataError, `${field} does not fit`);
  refused({ layers_per_block: "two" }, "layers_per_block");
  refused({ resnet_time_scale_shift: "scale_shift" }, "resnet_time_scale_shift");
  refused({ class_embed_type: "timestep" }, "class_embed_type");
  refused({ down_block_types: ["AttnDownBlock2D"] }, "down_block_types.0");
  refused({ down_block_types: ["DownBlock2D"] }, "down_block_types");
  refused({ up_block_types: files.sdxl.up_block_types }, "up_block_types");
  refused({ attention_head_dim: [8, 8] }, "attention_head_dim");
  refused({ addition_embed_type: "text" }, "addition_embed_type");
  refused({ addition_time_embed_dim: null }, "addition_time_embed_dim", files.sdxl);
  refused({ projection_class_embeddings_input_dim: 1536 }, "projection_class_embeddings_input_dim", files.sdxl);
  assertThrows(() => parseUnetConfig(null), DataError, "Cannot read UNet config");
});
