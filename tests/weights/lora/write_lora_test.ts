import { assert, assertEquals, assertRejects } from "@std/assert";
import { DataError, readJson, tensorScope } from "../../../lib/core/mod.ts";
import { type LoraFormat, loraFormats, readLora, readSafetensors, writeLora } from "../../../lib/weights/mod.ts";
import { inFolder } from "../../core/folder.ts";
import { close, goldenPath, tensorTest } from "../../support.ts";
import { drawAdapter, type NetworkName, networks, sameProducts } from "./adapters.ts";

/** Where the formats go inside a folder, and the file among it. */
const places: Record<LoraFormat, { path: string; file: string }> = {
  diffusers: { path: "x.safetensors", file: "x.safetensors" },
  kohya: { path: "x.safetensors", file: "x.safetensors" },
  peft: { path: "", file: "adapter_model.safetensors" },
};

for (const name of Object.keys(networks) as NetworkName[]) {
  for (const format of loraFormats) {
    for (const alpha of [2, 5]) {
      tensorTest(
        `readLora() reads the ${format} file of ${name} that writeLora() wrote, alpha ${alpha} of 2`,
        async () => {
          await inFolder(async (folder) => {
            using scope = tensorScope();
            const network = networks[name], written = drawAdapter(network.targets, { rank: 2, alpha }, scope);
            const path = `${folder}/${places[format].path}`;
            await writeLora(path, written, network, { format });
            const read = await readLora(path, network);
            scope.own(read.params);
            assertEquals([read.format, read.rank, read.alpha], [format, 2, alpha]);
            assertEquals(read.network, network);
            for (const [name, factor] of Object.entries(written.params)) close(read.params[name], factor, 0);
          });
        },
      );
    }

    tensorTest(`writeLora() keeps ranks that differ between layers of ${name} in ${format} files`, async () => {
      await inFolder(async (folder) => {
        using scope = tensorScope();
        const { prefix, targets } = networks[name], path = `${folder}/${places[format].path}`;
        const some = Object.fromEntries(Object.entries(targets).filter((_, i) => i % 3 !== 1));
        const modules = Object.keys(some), rankOf = (module: string) => 1 + modules.indexOf(module) % 3;
        const written = drawAdapter(some, { rank: 3, alpha: 4.5, rankOf }, scope);
        await writeLora(path, written, { prefix, targets }, { format });
        const read = await readLora(path, networks[name]);
        scope.own(read.params);
        sameProducts(read, written, 1e-6);
      });
    });
  }
}

tensorTest(
  "writeLora() states alpha in the header of a diffusers file where it is the rank, else in tensors",
  async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const { prefix } = networks.flux,
        module = "single_transformer_blocks.1.proj_out",
        path = `${folder}/x.safetensors`;
      const targets = { [module]: networks.flux.targets[module] };
      // diffusers refuses a file with both, ComfyUI knows .alpha only.
      for (const alpha of [2, 5]) {
        await writeLora(path, drawAdapter(targets, { rank: 2, alpha }, scope), { prefix, targets });
        const { tensors, metadata } = await readSafetensors(path);
        scope.own(tensors);
        assertEquals(`transformer.${module}.alpha` in tensors, alpha !== 2);
        assertEquals("lora_adapter_metadata" in metadata, alpha === 2);
        if (alpha !== 2) continue;
        assertEquals(JSON.parse(metadata.lora_adapter_metadata), {
          "transformer.r": 2,
          "transformer.lora_alpha": 2,
          "transformer.rank_pattern": {},
          "transformer.alpha_pattern": {},
          "transformer.target_modules": [module],
        });
      }
    });
  },
);

tensorTest("writeLora() writes the kohya file that PEFT's adapter was fused to", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const sft = await readLora(goldenPath("lora/sft/pytorch_lora_weights.safetensors"));
    scope.own(sft.params);
    await writeLora(`${folder}/x.safetensors`, sft, networks.flux, { format: "kohya" });
    const { tensors } = await readSafetensors(`${folder}/x.safetensors`);
    const { tensors: golden } = await readSafetensors(goldenPath("lora/sft_kohya.safetensors"));
    scope.own([tensors, golden]);
    assertEquals(Object.keys(tensors).sort(), Object.keys(golden).sort());
    for (const [name, tensor] of Object.entries(golden)) close(tensors[name], tensor, 0);
  });
});

for (const name of ["sd15", "sdxl"] as const) {
  tensorTest(`writeLora() lays factors of convolutions out as kernels, ${name}`, async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const golden = (await readSafetensors(goldenPath(`unet/unet_${name}_tiny_lora.safetensors`))).tensors;
      scope.own(golden);
      const network = networks[name], adapter = drawAdapter(network.targets, { rank: 2, alpha: 3 }, scope);
      await writeLora(`${folder}/x.safetensors`, adapter, network);
      const { tensors } = await readSafetensors(`${folder}/x.safetensors`);
      scope.own(tensors);
      const factors = Object.keys(tensors).filter((name) => name.includes(".lora_"));
      assertEquals(factors.length, Object.keys(golden).filter((name) => name.startsWith("lora.")).length);
      for (const name of factors) assertEquals(tensors[name].shape, golden[name.replace("unet.", "lora.")].shape, name);
      assertEquals(tensors["unet.conv_in.lora_A.weight"].shape, [2, 8, 3, 3]);
    });
  });
}

tensorTest("writeLora() tells PEFT the layers by their whole names", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const { prefix, targets: { proj_out } } = networks.flux, targets = { proj_out };
    await writeLora(folder, drawAdapter(targets, { rank: 2, alpha: 1 }, scope), { prefix, targets }, {
      format: "peft",
    });
    const config = await readJson(`${folder}/adapter_config.json`) as Record<string, unknown>;
    assertEquals([config.r, config.lora_alpha, config.target_modules], [2, 1, "proj_out"]);
    assertEquals([config.peft_type, config.rank_pattern], ["LORA", {}]);
  });
});

tensorTest("writeLora() refuses layers that are not among the targets and writes nothing", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const adapter = drawAdapter(networks.sd15.targets, { rank: 2, alpha: 2 }, scope);
    for (const format of loraFormats) {
      await assertRejects(
        () => writeLora(`${folder}/x`, adapter, networks.flux, { format }),
        DataError,
        "unmatched: conv_in",
      );
    }
    assert((await Array.fromAsync(Deno.readDir(folder))).length === 0);
  });
});
