import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError, normalTensor, type Params, rng, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import type { Adapter } from "../../lib/nn/mod.ts";
import { readLora, readSafetensors, writeLora, writeSafetensors } from "../../lib/weights/mod.ts";
import { close, goldenPath, tensorTest } from "../support.ts";
import { inFolder } from "../core/folder.ts";

const A = "block.up.lora_A.weight", B = "block.up.lora_B.weight";

function adapter(alpha: number): Adapter {
  const random = rng(1, "lora file");
  const draw = (out: number, width: number) => normalTensor<tf.Rank.R2>(random, [out, width]);
  return { rank: 2, alpha, params: { [A]: draw(2, 6), [B]: draw(5, 2) } };
}

tensorTest("readLora() takes rank and alpha from the file that PEFT 0.21.2 wrote", async () => {
  using scope = tensorScope();
  const read = async (name: string) => {
    const adapter = await readLora(goldenPath(`lora/${name}.safetensors`));
    scope.own(adapter.params);
    return adapter;
  };
  const sft = await read("sft/pytorch_lora_weights"), dpo = await read("dpo/pytorch_lora_weights");
  assertEquals([sft.rank, sft.alpha], [4, 8]); // from the metadata
  assertEquals([dpo.rank, dpo.alpha], [3, 3]); // neither metadata nor tensors: the rank
  assert("transformer_blocks.0.attn.to_q.lora_A.weight" in sft.params);
  const keys = await read("sft_alpha_keys");
  assertEquals([keys.rank, keys.alpha], [4, 8]); // from .alpha tensors
  assertEquals(Object.keys(keys.params).sort(), Object.keys(sft.params).sort());
  for (const [name, tensor] of Object.entries(keys.params)) close(tensor, sft.params[name], 0);
});

for (const alpha of [2, 5]) {
  tensorTest(`readLora() reads what writeLora() wrote, with alpha ${alpha} of rank 2`, async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const written = adapter(alpha), path = `${folder}/x.safetensors`;
      scope.own(written.params);
      await writeLora(path, written, "unet");
      const read = await readLora(path, "unet");
      scope.own(read.params);
      assertEquals([read.rank, read.alpha], [2, alpha]);
      for (const name of [A, B]) close(read.params[name], written.params[name], 0);
      // diffusers refuses a file with both, ComfyUI knows .alpha only.
      const { tensors, metadata } = await readSafetensors(path);
      scope.own(tensors);
      assertEquals("unet.block.up.alpha" in tensors, alpha !== 2);
      assertEquals("lora_adapter_metadata" in metadata, alpha === 2);
    });
  });
}

const broken: Record<string, [change: (params: Params) => Params, message: string]> = {
  "another prefix": [
    (params) => ({ "unet.x": params[A] }),
    "names must begin with transformer.: current value is unet.x",
  ],
  "a tensor that is no factor": [(params) => ({ "transformer.x": params[A] }), "must be lora_A, lora_B or alpha"],
  "half an adapter": [(params) => ({ [`transformer.${A}`]: params[A] }), `${A} must come with ${B}`],
  "two ranks": [(params) => ({ [`transformer.${A}`]: params[A], [`transformer.${B}`]: params[A] }), "one rank"],
};

for (const [what, [change, message]] of Object.entries(broken)) {
  tensorTest(`readLora() refuses ${what}`, async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const { params } = adapter(2);
      scope.own(params);
      await writeSafetensors(`${folder}/x.safetensors`, change(params));
      await assertRejects(() => readLora(`${folder}/x.safetensors`), DataError, message);
    });
  });
}
