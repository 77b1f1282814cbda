import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, readJson, StoppedError, tensorScope } from "../../../lib/core/mod.ts";
import { tf } from "../../../lib/engine/mod.ts";
import { fluxShapes, unetShapes } from "../../../lib/backbones/mod.ts";
import { sumLora } from "../../../lib/nn/mod.ts";
import { matchParams, mergeCheckpoint, openSafetensors, readLora, readSafetensors } from "../../../lib/weights/mod.ts";
import { tinyConfig } from "../../backbones/flux_fixture.ts";
import { unetConfig } from "../../backbones/unet_fixture.ts";
import { inFolder } from "../../core/folder.ts";
import { filesBelow } from "../../cli/process.ts";
import { close, goldenPath, tensorTest } from "../../support.ts";
import { drawAdapter, networks } from "./adapters.ts";

const FILE = "diffusion_pytorch_model.safetensors";

/** Lays a network of the goldens out as in a checkpoint. */
async function writeBase(folder: string, weights: string, config = "flux/config.json"): Promise<string> {
  const base = join(folder, "base");
  await Deno.mkdir(base);
  await Deno.copyFile(goldenPath(config), join(base, "config.json"));
  await Deno.copyFile(goldenPath(`${weights}.safetensors`), join(base, FILE));
  return base;
}

// flux_tiny_bfl has the names and fused layers of the original.
for (const weights of ["flux/flux_tiny", "flux/flux_tiny_bfl"]) {
  tensorTest(`mergeCheckpoint() gives the weights that PEFT 0.21.2 merged, from ${weights}`, async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const read = async (path: string) => scope.own((await readSafetensors(path)).tensors);
      const adapters = await Promise.all(["sft", "dpo"].map((name) => readLora(goldenPath(`lora/${name}`))));
      scope.own(adapters.map(({ params }) => params));
      const sum = sumLora(adapters), out = join(folder, "out");
      scope.own(sum.params);
      const merged = await mergeCheckpoint(await writeBase(folder, weights), sum, "transformer", out);
      const params = await read(out), golden = await read(goldenPath("lora/merged_sft_dpo.safetensors"));
      const base = await read(goldenPath("flux/flux_tiny.safetensors"));
      matchParams(params, fluxShapes(tinyConfig));
      for (const [name, tensor] of Object.entries(params)) {
        close(tensor, golden[name] ?? base[name], golden[name] ? 1e-6 : 0);
      }
      assertEquals(merged.changed, Object.keys(golden).length);
      assertEquals(await readJson(join(out, "config.json")), await readJson(goldenPath("flux/config.json")));
    });
  });
}

for (const type of ["bf16", "f16"]) {
  tensorTest(`mergeCheckpoint() keeps the type of every tensor of ${type} weights`, async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const adapter = drawAdapter(networks.flux.targets, { rank: 2, alpha: 2 }, scope), out = join(folder, "out");
      const base = await writeBase(folder, `flux/flux_tiny_${type}`);
      await mergeCheckpoint(base, adapter, "transformer", out);
      using before = await openSafetensors(join(base, FILE));
      using after = await openSafetensors(join(out, FILE));
      const types = ({ entries }: typeof before) => [...entries].map(([name, { dtype }]) => `${name} ${dtype}`).sort();
      assertEquals(types(after), types(before));
      const [was, is] = [
        scope.own((await readSafetensors(base)).tensors),
        scope.own((await readSafetensors(out)).tensors),
      ];
      tf.tidy(() => {
        for (const [name, tensor] of Object.entries(is)) {
          const module = name.replace(/\.weight$/, ""), down = adapter.params[`${module}.lora_A.weight`];
          if (down === undefined || module === name) close(tensor, was[name], 0);
          else {
            const sum = was[name].add(adapter.params[`${module}.lora_B.weight`].matMul(down));
            close(tensor, sum, { relative: type === "bf16" ? 2 ** -8 : 2 ** -11 }); // rounded once
          }
        }
      });
    });
  });
}

tensorTest(
  "mergeCheckpoint() widens the first layer for a condition on the channels, and the config with it",
  async () => {
    await inFolder(async (folder) => {
      using scope = tensorScope();
      const adapter = drawAdapter(networks.sd15.targets, { rank: 2, alpha: 3 }, scope), out = join(folder, "out");
      const base = await writeBase(folder, "unet/unet_sd15_tiny", "unet/unet_sd15_tiny_config.json");
      await mergeCheckpoint(base, adapter, "unet", out);
      const config = await readJson(join(out, "config.json")) as Record<string, unknown>;
      assertEquals([config.in_channels, config.out_channels], [8, 4]);
      const { tensors } = await readSafetensors(out);
      scope.own(tensors);
      matchParams(tensors, unetShapes({ ...unetConfig("sd15"), inChannels: 8 }));
      tf.tidy(() => {
        const { "conv_in.lora_A.weight": down, "conv_in.lora_B.weight": up } = adapter.params;
        const [, condition] = tf.split(tensors["conv_in.weight"], 2, 1);
        const expected = up.matMul(down).mul(1.5).reshape([8, 8, 3, 3]);
        close(condition, tf.split(expected, 2, 1)[1], { relative: 1e-6 });
      });
    });
  },
);

tensorTest("mergeCheckpoint() refuses an adapter of another network, and stops when it is told", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const base = await writeBase(folder, "flux/flux_tiny"), out = join(folder, "out");
    const unet = drawAdapter(networks.sd15.targets, { rank: 2, alpha: 2 }, scope);
    await assertRejects(
      () => mergeCheckpoint(base, unet, "unet", out),
      DataError,
      "0 of 133 matched, 133 unmatched: conv_in",
    );
    const flux = drawAdapter(networks.flux.targets, { rank: 2, alpha: 2 }, scope), controller = new AbortController();
    const places: number[][] = [];
    const options = {
      signal: controller.signal,
      onTensor: (...place: [number, number]) => {
        if (places.push(place) === 3) controller.abort();
      },
    };
    await assertRejects(() => mergeCheckpoint(base, flux, "transformer", out, options), StoppedError);
    assertEquals(places.map(([place]) => place), [1, 2, 3]);
    assert(places[0][1] > 3);
    assertEquals(await filesBelow(out), []);
  });
});
