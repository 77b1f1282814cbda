import { assertEquals, assertRejects } from "@std/assert";
import { normalTensor, rng, tensorScope } from "../../../lib/core/mod.ts";
import { tf } from "../../../lib/engine/mod.ts";
import { readLora, writeLora, writeSafetensors } from "../../../lib/weights/mod.ts";
import { inFolder } from "../../core/folder.ts";
import { close, tensorTest } from "../../support.ts";
import { networks } from "./adapters.ts";

const QKV = "lora_unet_double_blocks_1_txt_attn_qkv", BLOCK = "transformer_blocks.1.attn";

/** Writes an adapter of one fused layer, rank 4 and alpha 2, and reads it. */
async function readFused(name: string, up: tf.Tensor, folder: string) {
  using scope = tensorScope();
  const down = scope.own(normalTensor<tf.Rank.R2>(rng(1, "fused"), [4, 32]));
  scope.own(up);
  const path = `${folder}/x.safetensors`;
  await writeSafetensors(path, {
    [`${name}.lora_down.weight`]: down,
    [`${name}.lora_up.weight`]: up,
    [`${name}.alpha`]: scope.own(tf.scalar(2)),
  });
  const adapter = await readLora(path, networks.flux);
  return { adapter, whole: tf.tidy(() => up.matMul(down).mul(0.5)) };
}

tensorTest("readLora() gives each part of a fused layer all of A where B is dense", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const { adapter, whole } = await readFused(QKV, normalTensor<tf.Rank.R2>(rng(2, "fused"), [96, 4]), folder);
    scope.own([adapter.params, whole]);
    assertEquals([adapter.rank, adapter.alpha], [4, 2]);
    tf.tidy(() => {
      ["add_q_proj", "add_k_proj", "add_v_proj"].forEach((part, i) => {
        const { [`${BLOCK}.${part}.lora_A.weight`]: down, [`${BLOCK}.${part}.lora_B.weight`]: up } = adapter.params;
        close(up.matMul(down).mul(0.5), whole.slice([32 * i, 0], [32, 32]), 1e-5);
      });
    });
  });
});

tensorTest(
  "readLora() swaps the halves of the last modulation, where the original has shift before scale",
  async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const up = normalTensor<tf.Rank.R2>(rng(2, "fused"), [64, 4]);
      const { adapter: { params }, whole } = await readFused("lora_unet_final_layer_adaLN_modulation_1", up, folder);
      scope.own([params, whole]);
      tf.tidy(() => {
        const product = params["norm_out.linear.lora_B.weight"].matMul(params["norm_out.linear.lora_A.weight"]).mul(
          0.5,
        );
        close(product, tf.concat([whole.slice([32, 0], [32, 32]), whole.slice([0, 0], [32, 32])], 0), 1e-5);
      });
    });
  },
);

tensorTest("readLora() keeps a fused adapter that is still zero, and leaves out parts that have none", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const zero = await readFused(QKV, tf.zeros([96, 4]), folder);
    scope.own([zero.adapter.params, zero.whole]);
    assertEquals(Object.keys(zero.adapter.network.targets).length, 3);
    const linear1 = "lora_unet_single_blocks_0_linear1";
    const first = tf.tidy(() => tf.pad(tf.ones<tf.Rank.R2>([32, 4]), [[0, 192], [0, 0]]));
    const { adapter: { params, network }, whole } = await readFused(linear1, first, folder);
    scope.own([params, whole]);
    assertEquals(network.targets, { "single_transformer_blocks.0.attn.to_q": { in: 32, out: 32 } });
  });
});

tensorTest("writeLora() refuses layers that the original FLUX does not have", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const module = "transformer_blocks.0.attn.to_x", targets = { [module]: { in: 2, out: 2 } };
    const params = scope.own({
      [`${module}.lora_A.weight`]: tf.ones([1, 2]),
      [`${module}.lora_B.weight`]: tf.ones([2, 1]),
    });
    await assertRejects(
      () =>
        writeLora(`${folder}/x`, { rank: 1, alpha: 1, params }, { prefix: "transformer", targets }, {
          format: "kohya",
        }),
      RangeError,
      `FLUX must have its layers: current value is ${module}`,
    );
  });
});
