import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type CachedNegative, type CachedPair, NEGATIVES_FILE, type NegativesFile } from "../../lib/adversary/mod.ts";
import { smallTransformer } from "../../lib/backbones/mod.ts";
import { disposeParams, sha256Hex, writeJson } from "../../lib/core/mod.ts";
import { conditionOf, proceduralImage } from "../../lib/dataset/mod.ts";
import type { TrainRequest } from "../../lib/experiment/mod.ts";
import { resizeBicubic, writePng } from "../../lib/image/mod.ts";
import { loraModules } from "../../lib/nn/mod.ts";
import { readLora, writeSafetensors } from "../../lib/weights/mod.ts";
import { inFolder } from "../core/folder.ts";
import { tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

for (const backbone of ["flux", "sd15", "sdxl"] as const) {
  tensorTest(`trainModel() runs the whole procedure on a tiny ${backbone}`, async () => {
    await inFolder(async (folder) => {
      const places = { ...await prepareTiny(folder, backbone), out: join(folder, "out") };
      const { output, events } = await finish(tinyRequest(tinySettings(backbone), places));
      assertEquals(Object.keys(output), ["sft", "adversary", "asdpo"]);
      for (const [stage, record] of Object.entries(output)) {
        const adapter = await readLora(record.path);
        assertEquals([adapter.rank, adapter.alpha], [2, 2]);
        assertEquals(adapter.network.prefix, backbone === "flux" ? "transformer" : "unet");
        assertEquals(adapter.network.targets.conv_in?.kernel, backbone === "flux" ? undefined : [3, 3]);
        assert(loraModules(adapter).length > 0, stage);
        disposeParams(adapter.params);
      }
      const steps = events.filter((event) => event.kind === "step" && "loss" in event.numbers);
      assertEquals(steps.length, 9);
      assertEquals(events.filter(({ kind }) => kind === "strip").length, 3);
    });
  });
}

for (const backbone of ["flux", "sd15", "sdxl"] as const) {
  tensorTest(`trainModel() trains on bfloat16 weights of a tiny ${backbone}`, async () => {
    await inFolder(async (folder) => {
      const places = { ...await prepareTiny(folder, backbone), out: join(folder, "out") };
      const request = { ...tinyRequest(tinySettings(backbone, { dtype: "bf16" }), places), stages: ["sft"] as const };
      const [wide, narrow] = [
        await sftLoss(request),
        await sftLoss({
          ...request,
          settings: tinySettings(backbone),
          out: join(folder, "f32"),
        }),
      ];
      assert(Math.abs(wide - narrow) < 0.02 * narrow && wide !== narrow, `${wide} and ${narrow}`);
    });
  }, { engines: ["native"] });
}

tensorTest("trainModel() conditions FLUX on the channels, or by the tokens of a smaller image", async () => {
  await inFolder(async (folder) => {
    const places = await prepareTiny(folder, "flux");
    const channel = tinySettings("flux", { conditioning: "channel" });
    const request = tinyRequest(channel, { ...places, out: join(folder, "channel") });
    const { output } = await finish(request);
    const adapter = await readLora(output.asdpo!.path);
    assertEquals(adapter.params["x_embedder.lora_A.weight"].shape, [2, 128]); // as diffusers' control pipeline reads it
    disposeParams(adapter.params);
    const half = tinySettings("flux", { conditionScale: 0.5 });
    await finish({ ...tinyRequest(half, { ...places, out: join(folder, "half") }), stages: ["sft"] });
  });
});

tensorTest(
  "trainModel() trains adapters on a small transformer of an ablation, from pairs and their negatives",
  async () => {
    await inFolder(async (folder) => {
      const checkpoint = join(folder, "sft-0"), pairs = join(folder, "pairs"), negatives = join(folder, "negatives");
      const backbone = { kind: "small" as const, width: 24, heads: 2, doubleBlocks: 1, singleBlocks: 1 };
      const params = smallTransformer({ width: 24, heads: 2, double: 1, single: 1 }).init(0);
      await writeSafetensors(join(checkpoint, "params.safetensors"), params).finally(() => disposeParams(params));
      // As the stage of an ablation has it: not one checkpoint alone.
      await Deno.copyFile(join(checkpoint, "params.safetensors"), join(checkpoint, "early.safetensors"));
      await writeJson(join(checkpoint, "stage.json"), { stage: "sft", inputs: { backbone } });
      await writePairs(pairs, negatives);
      const { output } = await finish({
        ...tinyRequest(tinySettings("small"), { checkpoint, photos: pairs, out: join(folder, "out") }),
        artifacts: { folder: negatives },
      });
      assertEquals(Object.keys(output), ["sft", "adversary", "asdpo"]);
    });
  },
);

/** The loss of the last step of SFT. */
async function sftLoss(request: TrainRequest): Promise<number> {
  const { events } = await finish(request);
  return events.flatMap((event) => event.kind === "step" && "loss" in event.numbers ? [event.numbers.loss] : []).at(
    -1,
  )!;
}

/** Writes three pairs of files, and negatives of two of them as `deno task negatives` lists them. */
async function writePairs(pairs: string, negatives: string): Promise<void> {
  const listed: CachedPair[] = [], made: CachedNegative[] = [];
  for (let i = 0; i < 3; i++) {
    const hr = proceduralImage(2, i, { width: 64, height: 48 }), lr = resizeBicubic(hr, 0.25, { uint8: true });
    const [high, low] = [join(pairs, "hr", `${i}.png`), join(pairs, "lr", `${i}.png`)];
    await writePng(high, hr);
    await writePng(low, lr);
    if (i === 2) continue;
    const id = `pairs/all/${i}`,
      file = `bicubic/${i}.png`,
      sha256 = async (path: string) => sha256Hex(await Deno.readFile(path));
    await writePng(join(negatives, file), conditionOf(lr));
    const hashes = { hr: await sha256(high), lr: await sha256(low) };
    listed.push({ id, name: `${i}`, hr: high, lr: low, sha256: hashes, source: hashes.hr });
    made.push({ pair: id, restorer: "bicubic", file, sha256: await sha256(join(negatives, file)) });
  }
  const file: NegativesFile = { version: 3, seed: 0, share: 1, pairs: listed, negatives: made };
  await writeJson(join(negatives, NEGATIVES_FILE), file);
}
