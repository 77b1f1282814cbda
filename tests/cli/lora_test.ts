import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { tensorScope } from "../../lib/core/mod.ts";
import { type AdapterOrigin, loraRecord, originText } from "../../lib/experiment/mod.ts";
import { sumLora, weightLora } from "../../lib/nn/mod.ts";
import { readLora, readSafetensors, writeLora } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { close, goldenPath, tensorTest } from "../support.ts";
import { drawAdapter, networks, sameProducts } from "../weights/lora/adapters.ts";
import { refused } from "./outcomes.ts";
import { filesBelow, type Outcome, start } from "./process.ts";

const SFT = goldenPath("lora/sft/pytorch_lora_weights.safetensors"), DPO = goldenPath("lora/dpo");

function lora(...args: string[]): Promise<Outcome> {
  return start("lib/cli/lora.ts", args).outcome;
}

Deno.test("deno task lora says what files hold, and writes nothing", async () => {
  const { code, stdout, stderr } = await lora(SFT, goldenPath("lora/sft_peft"));
  assertEquals([code, stderr], [0, []]);
  const line = "transformer, 30 layers, rank 4, alpha / rank 2, 10,752 values";
  assertEquals(stdout, `${SFT}: diffusers, ${line}\n${goldenPath("lora/sft_peft")}: peft, ${line}\n`);
});

tensorTest("deno task lora writes an adapter in every format, and adds two up with factors", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const read = async (path: string) => {
      const adapter = await readLora(path, networks.flux);
      scope.own(adapter.params);
      return adapter;
    };
    const [sft, dpo] = [await read(SFT), await read(DPO)], kohya = join(folder, "kohya.safetensors");
    assertEquals((await lora(SFT, "--out", kohya, "--format", "kohya")).code, 0);
    sameProducts(await read(kohya), sft, 0);
    for (const format of ["diffusers", "peft"]) {
      const out = join(folder, format);
      const { code, stdout } = await lora(kohya, DPO, "--scale", "0.5,1", "--format", format, "--out", out);
      assertEquals(code, 0);
      assert(
        stdout.endsWith(`${out}: ${format}, transformer, 30 layers, rank 7, alpha / rank 1, 18,816 values\n`),
        stdout,
      );
      const sum = sumLora([weightLora(sft, 0.5), dpo]), written = await read(out);
      scope.own(sum.params);
      assertEquals(written.format, format);
      sameProducts(written, sum, 1e-6);
    }
  });
}, { engines: ["wasm"] });

Deno.test("deno task lora writes over an adapter with --overwrite only, in every format", () =>
  inFolder(async (folder) => {
    const file = join(folder, "a.safetensors"), peft = join(folder, "peft");
    const config = join(peft, "adapter_config.json"), weights = join(peft, "adapter_model.safetensors");
    await Deno.mkdir(peft); // a folder may be there
    assertEquals((await lora(SFT, "--format", "peft", "--out", peft)).code, 0);
    await Deno.writeTextFile(file, "kept");
    const before = await Deno.readFile(weights);
    for (const [out, format, named] of [[file, "diffusers", file], [file, "kohya", file], [peft, "peft", weights]]) {
      refused(await lora(DPO, "--format", format, "--out", out), 64, `current value is ${named}, which is there`);
    }
    await Deno.remove(weights); // its settings alone would be lost, too
    refused(await lora(DPO, "--format", "peft", "--out", peft), 64, `current value is ${config}, which is there`);
    assertEquals(await Deno.readTextFile(file), "kept");
    for (const [out, format] of [[file, "kohya"], [peft, "peft"]]) {
      const { code, stdout } = await lora(DPO, "--format", format, "--out", out, "--overwrite");
      assertEquals([code, stdout.includes(`${out}: ${format}, `)], [0, true], stdout);
    }
    assert(before.join() !== (await Deno.readFile(weights)).join());
  }));

tensorTest("deno task lora keeps how adapters were trained, if all say it and in one way", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const adapter = drawAdapter(networks.flux.targets, { rank: 1, alpha: 1 }, scope);
    const write = async (name: string, changes: Partial<AdapterOrigin> | null) => {
      const origin: AdapterOrigin | null = changes &&
        {
          ...{ backbone: "flux", stages: ["sft"], size: 64, conditioning: "token", conditionScale: 1 },
          guidance: 1,
          ...changes,
        };
      const path = join(folder, `${name}.safetensors`);
      await writeLora(path, adapter, networks.flux, { header: originText(origin) });
      return path;
    };
    const sft = await write("sft", {}), asdpo = await write("asdpo", { stages: ["asdpo"], size: 128 });
    const other = await write("other", { conditionScale: 0.5 }), silent = await write("silent", null);
    const originOf = async (...inputs: string[]) => {
      const out = join(folder, "out.safetensors");
      assertEquals((await lora(...inputs, "--out", out, "--overwrite")).code, 0);
      return (await loraRecord(out)).origin;
    };
    assertEquals((await originOf(asdpo, sft))?.stages, ["sft", "asdpo"]);
    assertEquals((await originOf(sft, asdpo))?.size, 128);
    assertEquals(await originOf(sft, silent), null);
    refused(await lora(sft, other, "--out", join(folder, "none")), 64, "all must have been trained in one way");
  });
}, { engines: ["wasm"] });

tensorTest("deno task lora --merge-into writes a checkpoint with the adapters in its weights", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const checkpoint = join(folder, "checkpoint"), out = join(folder, "out");
    for (const part of ["transformer", "vae"]) await Deno.mkdir(join(checkpoint, part), { recursive: true });
    await Deno.copyFile(goldenPath("flux/config.json"), join(checkpoint, "transformer", "config.json"));
    await Deno.copyFile(goldenPath("flux/flux_tiny.safetensors"), join(checkpoint, "transformer", "x.safetensors"));
    for (const name of ["vae/config.json", "model_index.json", "single.safetensors"]) {
      await Deno.writeTextFile(join(checkpoint, name), name);
    }
    await Deno.mkdir(join(out, "transformer"), { recursive: true }); // as a full disk leaves it
    const { code, stdout } = await lora(SFT, DPO, "--merge-into", checkpoint, "--out", out);
    assertEquals(code, 0);
    assert(stdout.endsWith(`${out}: 30 of 50 layers of ${checkpoint} changed\n`), stdout);
    // The single file beside the parts is another copy of the weights: it would be stale.
    assertEquals((await filesBelow(out)).map((path) => path.slice(out.length + 1)), [
      "model_index.json",
      "transformer/config.json",
      "transformer/diffusion_pytorch_model.safetensors",
      "vae/config.json",
    ]);
    const read = async (path: string) => scope.own((await readSafetensors(path)).tensors);
    const merged = await read(join(out, "transformer")),
      golden = await read(goldenPath("lora/merged_sft_dpo.safetensors"));
    for (const [name, tensor] of Object.entries(golden)) close(merged[name], tensor, 1e-6);
    refused(await lora(SFT, "--merge-into", checkpoint, "--out", out), 64, "must be new or empty");
  });
}, { engines: ["wasm"] });

tensorTest("deno task lora refuses what cannot be meant, in one line", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const unet = join(folder, "unet.safetensors"), out = join(folder, "out"), checkpoint = join(folder, "checkpoint");
    await writeLora(unet, drawAdapter(networks.sd15.targets, { rank: 1, alpha: 1 }, scope), networks.sd15);
    await Deno.mkdir(join(checkpoint, "unet"), { recursive: true });
    await Deno.copyFile(goldenPath("unet/unet_sdxl_tiny_config.json"), join(checkpoint, "unet", "config.json"));
    await Deno.copyFile(goldenPath("unet/unet_sdxl_tiny.safetensors"), join(checkpoint, "unet", "x.safetensors"));
    const cases: [args: string[], code: number, reason: string][] = [
      [[], 64, "a file is needed"],
      [[join(folder, "none")], 74, "none"],
      [[goldenPath("flux/flux_tiny.safetensors")], 65, "must be a factor or the alpha of a layer"],
      [[SFT, unet, "--out", out], 64, "all must be for one network"],
      [[SFT, DPO, "--scale", "1,2,3", "--out", out], 64, "one for each of 2 adapters"],
      [[SFT, "--format", "other", "--out", out], 64, "diffusers, kohya, peft"],
      [[SFT, "--merge-into", checkpoint], 64, "--out DIR is needed"],
      [[SFT, "--merge-into", checkpoint, "--out", out, "--overwrite"], 64, "no --format or --overwrite"],
      [[unet, "--merge-into", checkpoint, "--out", out], 65, "unmatched"],
      [
        [SFT, "--merge-into", checkpoint, "--out", out],
        65,
        "the network of the adapter, transformer/config.json, no single file",
      ],
      [[unet, "--out", unet], 64, "must be none of its inputs"],
      [[unet, "--format", "peft", "--out", folder], 64, "must be none of its inputs"],
      [[SFT, "--out", join(unet, "x")], 74, "write"],
    ];
    for (const [args, code, reason] of cases) refused(await lora(...args), code, reason);
    assertEquals(await filesBelow(out), []);
  });
}, { engines: ["wasm"] });
