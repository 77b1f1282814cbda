import { assertRejects } from "@std/assert";
import { join } from "node:path";
import { writeTinyCheckpoint } from "../../lib/cli/table6/checkpoints.ts";
import { DataError, decodeTensors, encodeTensors } from "../../lib/core/mod.ts";
import { openModel, type OpenOptions } from "../../lib/experiment/models/mod.ts";
import { readLora } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { goldenPath, tensorTest } from "../support.ts";

/** Writes a file again with its last tensor as whole numbers; returns the tensor's name. */
async function makeWhole(path: string, to = path): Promise<string> {
  const { tensors, metadata } = decodeTensors(await Deno.readFile(path), path), name = Object.keys(tensors).at(-1)!;
  const { shape, data } = tensors[name];
  await Deno.writeFile(to, encodeTensors({ ...tensors, [name]: { shape, data: Int32Array.from(data) } }, metadata));
  return name;
}

const weights = "diffusion_pytorch_model.safetensors";
const readers: readonly [string, "flux" | "sd15", string, Partial<OpenOptions>][] = [
  ["FLUX", "flux", join("transformer", weights), {}],
  ["streamed FLUX", "flux", join("transformer", weights), { weights: "streamed" }],
  ["a UNet", "sd15", join("unet", weights), {}],
  ["an autoencoder", "flux", join("vae", weights), {}],
  ["an empty prompt", "flux", "empty_prompt.safetensors", {}],
];

for (const [what, backbone, file, options] of readers) {
  tensorTest(`openModel() refuses whole numbers in the place of the weights of ${what}`, async () => {
    await inFolder(async (folder) => {
      await writeTinyCheckpoint(backbone, folder);
      const name = await makeWhole(join(folder, file));
      await assertRejects(() => openModel({ backbone, checkpoint: folder, ...options }), DataError, name);
    });
  });
}

tensorTest("readLora() refuses whole numbers in the place of factors", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "lora.safetensors");
    const name = await makeWhole(goldenPath("lora/sft/pytorch_lora_weights.safetensors"), path);
    await assertRejects(() => readLora(path), DataError, `${name} int32`);
  });
});
