import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DataError, InputOutputError, RefusedError, UsageError } from "../../lib/core/mod.ts";
import { openModel, trainModel, type TrainRequest } from "../../lib/experiment/mod.ts";
import { resolveTrainSettings } from "../../lib/experiment/training/mod.ts";
import { inFolder } from "../core/folder.ts";
import { goldenPath, tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

const WEIGHTS = "diffusion_pytorch_model.safetensors";

/** Runs a test on a tiny FLUX checkpoint that it may damage. */
function onFlux(fn: (request: TrainRequest, transformer: string) => Promise<void>): () => Promise<void> {
  return async () => {
    await inFolder(async (folder) => {
      const places = await prepareTiny(folder, "flux");
      await fn(
        tinyRequest(tinySettings("flux"), { ...places, out: join(folder, "out") }),
        join(places.checkpoint, "transformer"),
      );
    });
  };
}

tensorTest(
  "trainModel() refuses a truncated file of weights",
  onFlux(async (request, transformer) => {
    const path = join(transformer, WEIGHTS), { size } = await Deno.stat(path);
    await Deno.truncate(path, size - 1000);
    await assertRejects(() => finish(request), DataError, path);
  }),
);

tensorTest(
  "trainModel() refuses weights of a type that it cannot hold",
  onFlux(async (request, transformer) => {
    const path = join(transformer, WEIGHTS), bytes = await Deno.readFile(path);
    const at = new TextDecoder("latin1").decode(bytes).indexOf('"F32"');
    bytes.set(new TextEncoder().encode('"I16"'), at);
    await Deno.writeFile(path, bytes);
    await assertRejects(() => finish(request), DataError, path);
  }),
);

tensorTest(
  "trainModel() refuses an index that names a missing file",
  onFlux(async (request, transformer) => {
    await Deno.remove(join(transformer, WEIGHTS));
    const index = `${WEIGHTS}.index.json`;
    await Deno.copyFile(goldenPath(`flux/sharded/${index}`), join(transformer, index));
    const missing = `${index} as every shard that it names must lie beside it: current value is 4 missing: diffusion_`;
    await assertRejects(() => finish(request), DataError, missing);
  }),
);

tensorTest(
  "trainModel() refuses a checkpoint without an autoencoder, and one of another kind, before anything is written",
  onFlux(async (request) => {
    const { checkpoint, settings } = request;
    const other = { ...request, settings: { ...settings, backbone: "sd15" as const } };
    await assertRejects(() => finish(other), DataError, `${checkpoint} must be of this kind: current value is flux`);
    await Deno.remove(join(checkpoint, "vae"), { recursive: true });
    await assertRejects(() => finish(request), DataError, `current value lacks ${join("vae", "config.json")}`);
    await assertRejects(() => Deno.stat(request.out), Deno.errors.NotFound);
  }),
);

tensorTest(
  "trainModel() refuses the weights of another network and lists their names",
  onFlux(async (request, transformer) => {
    await Deno.copyFile(goldenPath("unet/unet_sd15_tiny.safetensors"), join(transformer, WEIGHTS));
    await assertRejects(() => finish(request), DataError, "missing: time_text_embed.timestep_embedder.linear_1.weight");
  }),
);

tensorTest(
  "trainModel() refuses an adapter of another network",
  onFlux(async (request) => {
    const unet = goldenPath("unet/unet_sd15_tiny_lora.safetensors");
    const other = { ...request, stages: ["asdpo"] as const, given: { sft: unet, adversary: unet } };
    await assertRejects(() => finish(other), DataError, unet);
    const channel = goldenPath("lora/channel_lora.safetensors"); // made for an x_embedder of 128 inputs
    const wide = { ...request, stages: ["asdpo"] as const, given: { sft: channel, adversary: channel } };
    await assertRejects(
      () => finish(wide),
      DataError,
      "30 of 31 matched, 1 of other widths [in, out]: x_embedder [128,32] for [64,32]",
    );
  }),
);

tensorTest(
  "trainModel() refuses more than the memory and says what would fit",
  onFlux(async (request) => {
    await assertRejects(() => finish({ ...request, memoryLimit: 1e6 }), RefusedError, "the largest part is process");
    const large = { ...request, settings: tinySettings("flux", { size: 1024 }), memoryLimit: 1e9 };
    await assertRejects(() => finish(large), RefusedError, "--batch 1 --accumulation 2 --size 256 would fit");
    const memory = async (stages: TrainRequest["stages"]) => {
      for await (const event of trainModel({ ...large, stages, memoryLimit: 1e12 })) {
        const [, amount] = event.kind === "note" ? /^memory: about ([\d.]+) GiB/.exec(event.text) ?? [] : [];
        if (amount !== undefined) return Number(amount);
      }
      throw new Error("no memory was stated");
    };
    const [sft, all] = [await memory(["sft"]), await memory(["sft", "adversary", "asdpo"])];
    assert(all > 1.1 * sft, `${sft} GiB for SFT alone, ${all} with both sides of the pairs of AS-DPO`);
  }),
);

tensorTest(
  "trainModel() says what a stage lacks before it loads anything",
  onFlux(async (request) => {
    await assertRejects(
      () => finish({ ...request, stages: ["asdpo"] }),
      UsageError,
      "the sft adapter must be trained before",
    );
    await assertRejects(() => finish({ ...request, artifacts: null }), UsageError, "needs artifacts to imitate");
    await assertRejects(() => finish({ ...request, data: [] }), UsageError, "folders of images are needed");
    const misnamed = { restorers: ["nothing"], weights: "weights", share: 1 };
    await assertRejects(() => finish({ ...request, artifacts: misnamed }), UsageError, "nothing");
    await assertRejects(() => finish({ ...request, artifacts: { folder: "nowhere" } }), InputOutputError, "nowhere");
    const odd = { ...request, settings: tinySettings("flux", { conditionScale: 0.1 }) };
    await assertRejects(() => finish(odd), UsageError, "must be multiples of 8");
    // Photographs have 72 x 64 pixels, which shows before a model that cannot be opened.
    await Deno.remove(join(request.checkpoint, "empty_prompt.safetensors"));
    const large = { ...request, settings: tinySettings("flux", { size: 80 }) };
    await assertRejects(() => finish(large), DataError, "72 x 64");
  }),
);

tensorTest(
  "openModel() refuses a folder that is no checkpoint, and a checkpoint without the empty prompt",
  async () => {
    await inFolder(async (folder) => {
      await assertRejects(
        () => openModel({ backbone: "flux", checkpoint: folder }),
        DataError,
        "a folder without them",
      );
      await assertRejects(() => openModel({ backbone: "small", checkpoint: folder }), InputOutputError);
      const { checkpoint } = await prepareTiny(folder, "sdxl");
      await assertRejects(() => openModel({ backbone: "sd15", checkpoint }), DataError);
      await Deno.remove(join(checkpoint, "empty_prompt.safetensors"));
      await assertRejects(() => openModel({ backbone: "sdxl", checkpoint }), RefusedError, "empty prompt");
    });
  },
);

Deno.test("resolveTrainSettings() has the paper's values and refuses what does not fit the network", () => {
  const { lora, asdpo, adversary, sobolevIndex, conditioning } = resolveTrainSettings({ backbone: "flux" });
  assertEquals([lora.rank, lora.alpha, sobolevIndex, conditioning], [16, 16, 1.5, "token"]);
  assertEquals([asdpo.learningRate, adversary.learningRate, asdpo.beta, asdpo.warmup], [1e-5, 5e-5, 2000, 200]);
  assertEquals(asdpo.batchSize * asdpo.accumulation, 512);
  assertThrows(() => resolveTrainSettings({ backbone: "sdxl", conditioning: "token" }), UsageError, "on the channels");
  assertThrows(() => resolveTrainSettings({ backbone: "sd15", conditionScale: 0.5 }), UsageError, "as tokens");
  assertThrows(() => resolveTrainSettings({ backbone: "flux", size: 100 }), UsageError, "size");
});
