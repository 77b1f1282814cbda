import { assertEquals, assertRejects } from "@std/assert";
import { DataError, type Params, readJson, tensorScope } from "../../lib/core/mod.ts";
import { parseAutoencoderConfig, readAutoencoder } from "../../lib/backbones/mod.ts";
import { readSafetensors, renameAutoencoder, writeSafetensors } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, goldenPath, tensorTest } from "../support.ts";

/** Names of diffusers before 0.15, such as in the first files of Stable Diffusion 1.5. */
const olderName = (name: string) =>
  name.replace("to_q", "query").replace("to_k", "key").replace("to_v", "value").replace("to_out.0", "proj_attn");

/** Names of the original single file, such as `ae.safetensors`, of three levels. */
const originalName = (name: string) =>
  name
    .replace(/down_blocks\.(\d)\.resnets/, "down.$1.block").replace(
      /down_blocks\.(\d)\.downsamplers\.0/,
      "down.$1.downsample",
    )
    .replace(/up_blocks\.(\d)\.resnets/, (_, level) => `up.${2 - level}.block`)
    .replace(/up_blocks\.(\d)\.upsamplers\.0/, (_, level) => `up.${2 - level}.upsample`)
    .replace(/mid_block\.resnets\.(\d)/, (_, block) => `mid.block_${Number(block) + 1}`)
    .replace("mid_block.attentions.0.group_norm", "mid.attn_1.norm").replace(
      "mid_block.attentions.0.to_out.0",
      "mid.attn_1.proj_out",
    )
    .replace(/mid_block\.attentions\.0\.to_/, "mid.attn_1.")
    .replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut");

const isAttention = (name: string) => /attentions\.0\.to_.*weight$/.test(name);

/** The tensors of a tiny autoencoder as an older file has them. */
function aged(today: Params, rename: (name: string) => string, pixelwise: boolean): Params {
  return Object.fromEntries(
    Object.entries(today).map(([name, tensor]) => [
      rename(name),
      pixelwise && isAttention(name) ? tensor.reshape([...tensor.shape, 1, 1]) : tensor.clone(),
    ]),
  );
}

const files = [
  ["today's names", (name: string) => name, false],
  ["the names of older diffusers", olderName, false],
  ["the names of older diffusers and 1 x 1 convolutions", olderName, true],
  ["the names of the original file", originalName, true],
] as const;

for (const [label, rename, pixelwise] of files) {
  tensorTest(`renameAutoencoder() takes ${label}`, async () => {
    using scope = tensorScope();
    for (const network of ["vae_flux_tiny", "vae_sd_tiny"]) {
      const { tensors } = await readSafetensors(goldenPath(`vae/${network}.safetensors`));
      scope.own(tensors);
      const renamed = scope.own(renameAutoencoder(aged(tensors, rename, pixelwise)));
      assertEquals(Object.keys(renamed).sort(), Object.keys(tensors).sort());
      for (const [name, tensor] of Object.entries(renamed)) close(tensor, tensors[name], 0); // also the shapes
    }
  });
}

Deno.test("the original names are those of ae.safetensors", () => {
  const names = [
    ["encoder.down_blocks.1.resnets.0.conv_shortcut.bias", "encoder.down.1.block.0.nin_shortcut.bias"],
    ["decoder.up_blocks.0.upsamplers.0.conv.weight", "decoder.up.2.upsample.conv.weight"],
    ["decoder.mid_block.attentions.0.group_norm.weight", "decoder.mid.attn_1.norm.weight"],
    ["encoder.mid_block.resnets.1.conv2.bias", "encoder.mid.block_2.conv2.bias"],
    ["decoder.conv_norm_out.weight", "decoder.norm_out.weight"],
    ["quant_conv.weight", "quant_conv.weight"],
  ];
  for (const [today, original] of names) assertEquals(originalName(today), original);
});

tensorTest("readAutoencoder() reads a folder, and lists what a file lacks", async () => {
  using scope = tensorScope();
  const { tensors } = await readSafetensors(goldenPath("vae/vae_sd_tiny.safetensors"));
  scope.own(tensors);
  await inFolder(async (folder) => {
    const config = parseAutoencoderConfig(await readJson(goldenPath("vae/vae_sd_tiny_config.json")));
    await writeSafetensors(`${folder}/diffusion_pytorch_model.safetensors`, scope.own(aged(tensors, olderName, true)));
    const params = scope.own(await readAutoencoder(config, folder));
    assertEquals(Object.keys(params).sort(), Object.keys(tensors).sort());

    const { "quant_conv.bias": left, ...rest } = tensors;
    await writeSafetensors(`${folder}/other.safetensors`, { ...rest, "encoder.stray": left });
    await assertRejects(
      () => readAutoencoder(config, `${folder}/other.safetensors`),
      DataError,
      "1 missing: quant_conv.bias; 1 unmatched: encoder.stray",
    );
  });
});
