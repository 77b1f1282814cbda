import { assertEquals, assertRejects } from "@std/assert";
import { DataError, InputOutputError, type Params, tensorScope, writeJson } from "../../../lib/core/mod.ts";
import { tf } from "../../../lib/engine/mod.ts";
import { readLora, readSafetensors, writeSafetensors } from "../../../lib/weights/mod.ts";
import { inFolder } from "../../core/folder.ts";
import { close, goldenPath, tensorTest } from "../../support.ts";
import { networks } from "./adapters.ts";

// Goldens: PEFT 0.21.2 and diffusers 0.42.1; sft has rank 4 and alpha 8, dpo 3 and 3.
const SFT = "sft/pytorch_lora_weights.safetensors";
const forms = { diffusers: [SFT, "sft_alpha_keys.safetensors"], kohya: ["sft_kohya.safetensors"], peft: ["sft_peft"] };

for (const [format, names] of Object.entries(forms)) {
  for (const name of names) {
    tensorTest(`readLora() reads the same adapter from lora/${name}`, async () => {
      using scope = tensorScope();
      const read = await readLora(goldenPath(`lora/${name}`), networks.flux);
      scope.own(read.params);
      const { tensors } = await readSafetensors(goldenPath(`lora/${SFT}`));
      scope.own(tensors);
      assertEquals([read.format, read.network.prefix, read.rank, read.alpha], [format, "transformer", 4, 8]);
      assertEquals(Object.keys(read.params).length, Object.keys(tensors).length);
      for (const [module, factor] of Object.entries(read.params)) close(factor, tensors[`transformer.${module}`], 0);
    });
  }
}

tensorTest("readLora() takes the rank for alpha where a file has none", async () => {
  using scope = tensorScope();
  const dpo = await readLora(goldenPath("lora/dpo/pytorch_lora_weights.safetensors"));
  scope.own(dpo.params);
  assertEquals([dpo.rank, dpo.alpha], [3, 3]);
});

const LAYER = "down_blocks.0.attentions.1.transformer_blocks.0.attn1.to_q", OUT = LAYER.replace("to_q", "to_out.0");
const FLAT = "lora_unet_down_blocks_0_attentions_1_transformer_blocks_0_attn1_to_out_0";

/** Names of A and B of `OUT` that were written over the years. */
const spellings: Record<string, [down: string, up: string]> = {
  "PEFT in diffusers": [`unet.${OUT}.lora_A.weight`, `unet.${OUT}.lora_B.weight`],
  "diffusers 0.18 to 0.21": [`unet.${OUT}.lora.down.weight`, `unet.${OUT}.lora.up.weight`],
  "linear layers of text encoders": [
    `unet.${OUT}.lora_linear_layer.down.weight`,
    `unet.${OUT}.lora_linear_layer.up.weight`,
  ],
  "the first diffusers": [
    `${OUT.replace(".to_out.0", "")}.processor.to_out_lora.down.weight`,
    `${OUT.replace(".to_out.0", "")}.processor.to_out_lora.up.weight`,
  ],
  "kohya": [`${FLAT}.lora_down.weight`, `${FLAT}.lora_up.weight`],
  "kohya on the original UNet": [
    `${FLAT.replace("down_blocks_0_attentions_1", "input_blocks_2_1")}.lora_down.weight`,
    `${FLAT.replace("down_blocks_0_attentions_1", "input_blocks_2_1")}.lora_up.weight`,
  ],
};

for (const [who, [down, up]] of Object.entries(spellings)) {
  tensorTest(`readLora() knows the names of ${who}`, async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      await write(`${folder}/x.safetensors`, { [down]: [2, 6], [up]: [5, 2] });
      const { params, network } = await readLora(`${folder}/x.safetensors`);
      scope.own(params);
      assertEquals(network, { prefix: "unet", targets: { [OUT]: { in: 6, out: 5 } } });
      assertEquals(params[`${OUT}.lora_A.weight`].shape, [2, 6]);
    });
  });
}

tensorTest("readLora() puts factors that differ between layers into B", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const path = `${folder}/x.safetensors`, shapes = { A: [2, 6], B: [5, 2] };
    await write(path, { ...factors(LAYER, shapes), [`unet.${LAYER}.alpha`]: [], ...factors(OUT, shapes) });
    const { params, rank, alpha } = await readLora(path);
    scope.own(params);
    assertEquals([rank, alpha], [2, 2]);
    close(params[`${LAYER}.lora_B.weight`], Array(10).fill(0.5), 0); // alpha 1 of rank 2
    close(params[`${OUT}.lora_B.weight`], Array(10).fill(1), 0);
  });
});

tensorTest("readLora() reads the alphas of PEFT's patterns, and of the root of the rank", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const shapes = { A: [4, 6], B: [5, 4] };
    await write(`${folder}/adapter_model.safetensors`, {
      ...factors(LAYER, shapes, "base_model.model."),
      ...factors(OUT, shapes, "base_model.model."),
    });
    const settings = { r: 4, lora_alpha: 8, alpha_pattern: { "attn1.to_q": 2 } };
    const factorsOf = async (more: object) => {
      await writeJson(`${folder}/adapter_config.json`, { ...settings, ...more });
      const { params, rank, alpha } = await readLora(folder);
      scope.own(params);
      return [LAYER, OUT].map((module) => params[`${module}.lora_B.weight`].dataSync()[0] * alpha / rank);
    };
    assertEquals(await factorsOf({}), [0.5, 2]); // alpha / 4
    assertEquals(await factorsOf({ use_rslora: true }), [1, 4]); // alpha / 2
    assertEquals(await factorsOf({ alpha_pattern: { [`^${LAYER}`]: 6 } }), [1.5, 2]);
    for (const more of [{ use_dora: true }, { bias: "all" }, { modules_to_save: ["x"] }, { lora_alpha: "8" }]) {
      await assertRejects(() => factorsOf(more), DataError, Object.keys(more)[0]);
    }
    await assertRejects(() => factorsOf({ alpha_pattern: { "(a+)+": 1 } }), DataError, "names of layers");
  });
});

const A = `unet.${LAYER}.lora_A.weight`, B = `unet.${LAYER}.lora_B.weight`;
const broken: Record<string, [tensors: Record<string, number[]>, message: string]> = {
  "a tensor that is no factor": [
    { "unet.x": [1] },
    "must be a factor or the alpha of a layer: current value is unet.x",
  ],
  "the magnitudes of DoRA": [{ [A]: [2, 6], [B]: [5, 2], [`unet.${LAYER}.dora_scale`]: [5] }, "dora_scale"],
  "half an adapter": [{ [A]: [2, 6] }, `every layer must have both factors: current value is unet.${LAYER}`],
  "two ranks in a layer": [{ [A]: [2, 6], [B]: [5, 3] }, `${LAYER} [2,6] and [5,3]`],
  "nothing": [{}, "must adapt layers"],
  "a text encoder": [
    { [A]: [2, 6], [B]: [5, 2], "text_encoder.x.lora_A.weight": [2, 6], "text_encoder.x.lora_B.weight": [5, 2] },
    "1 of 2 unmatched: text_encoder.x",
  ],
  "kohya's text encoder": [
    {
      [`${FLAT}.lora_down.weight`]: [2, 6],
      [`${FLAT}.lora_up.weight`]: [5, 2],
      "lora_te_x.lora_down.weight": [2, 6],
      "lora_te_x.lora_up.weight": [5, 2],
    },
    "1 of 2 unmatched: lora_te_x",
  ],
  "layers of two networks": [
    {
      [A]: [2, 6],
      [B]: [5, 2],
      "transformer.proj_out.lora_A.weight": [2, 6],
      "transformer.proj_out.lora_B.weight": [5, 2],
    },
    "2 of 2 unmatched",
  ],
};

for (const [what, [tensors, message]] of Object.entries(broken)) {
  tensorTest(`readLora() refuses ${what}`, async () => {
    await inFolder(async (folder) => {
      await write(`${folder}/x.safetensors`, tensors);
      await assertRejects(() => readLora(`${folder}/x.safetensors`), DataError, message);
    });
  });
}

tensorTest(
  "readLora() refuses two alphas of a layer, settings that are no JSON, and files that are missing",
  async () => {
    await inFolder(async (folder) => {
      const path = `${folder}/x.safetensors`, tensors = { [A]: [2, 6], [B]: [5, 2], [`unet.${LAYER}.alpha`]: [] };
      await write(path, tensors, { lora_adapter_metadata: JSON.stringify({ "unet.lora_alpha": 8 }) });
      await assertRejects(
        () => readLora(path),
        DataError,
        `alpha of ${LAYER} must be one number: current value is 1 and 8`,
      );
      await write(path, tensors, { lora_adapter_metadata: "{" });
      await assertRejects(() => readLora(path), DataError, "must be JSON");
      await assertRejects(() => readLora(folder), InputOutputError, "pytorch_lora_weights.safetensors");
      await assertRejects(() => readLora(`${folder}/none`), InputOutputError, "none");
      await write(path, {
        "base_model.model.proj_out.lora_A.weight": [1, 2],
        "base_model.model.proj_out.lora_B.weight": [2, 1],
      });
      await assertRejects(() => readLora(path), InputOutputError, "adapter_config.json");
    });
  },
);

tensorTest("readLora() refuses an adapter of another network, counts and lists its layers", async () => {
  const sft = goldenPath(`lora/${SFT}`);
  for (const part of ["0 of 30 matched, 30 unmatched: ", "transformer_blocks.0.attn.to_k, ", " and 10 more"]) {
    await assertRejects(() => readLora(sft, networks.sd15), DataError, part);
  }
  const targets = { ...networks.flux.targets, "transformer_blocks.0.attn.to_q": { in: 32, out: 33 } };
  await assertRejects(
    () => readLora(sft, { ...networks.flux, targets }),
    DataError,
    "29 of 30 matched, 1 of other widths [in, out]: transformer_blocks.0.attn.to_q [32,32] for [32,33]",
  );
});

/** Names of both factors of a layer. */
function factors(module: string, { A, B }: { A: number[]; B: number[] }, prefix = "unet."): Record<string, number[]> {
  return { [`${prefix}${module}.lora_A.weight`]: A, [`${prefix}${module}.lora_B.weight`]: B };
}

/** Writes tensors of ones. */
async function write(path: string, shapes: Record<string, number[]>, metadata?: Record<string, string>): Promise<void> {
  using scope = tensorScope();
  const tensors: Params = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.ones(shape)]));
  scope.own(tensors);
  await writeSafetensors(path, tensors, metadata);
}
