import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import sharp from "sharp";
import { deriveFluxConfig, FLUX_DEV, fluxShapes, fluxTensors } from "../../lib/backbones/mod.ts";
import { DataError, tensorScope } from "../../lib/core/mod.ts";
import { tf } from "../../lib/engine/mod.ts";
import { networkTargets, openModel, restoreFiles } from "../../lib/experiment/mod.ts";
import { sample } from "../../lib/flow/mod.ts";
import { pictureFile } from "../cli/photographs.ts";
import { inFolder } from "../core/folder.ts";
import { close, goldenPath, tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

/** Writes the tiny FLUX in both layouts. */
async function prepareBoth(folder: string) {
  const { checkpoint: diffusers, photos } = await prepareTiny(folder, "flux");
  const original = join(folder, "original"), file = join(original, "flux1-tiny.safetensors");
  await Deno.mkdir(join(original, "vae"), { recursive: true });
  await Deno.copyFile(goldenPath("flux/flux_tiny_bfl.safetensors"), file);
  await Deno.copyFile(goldenPath("vae/vae_flux_tiny.safetensors"), join(original, "ae.safetensors"));
  // The real files have no configurations; those of the tiny networks do not follow from shapes.
  await Deno.copyFile(goldenPath("flux/config.json"), join(original, "config.json"));
  await Deno.copyFile(goldenPath("vae/vae_flux_tiny_config.json"), join(original, "vae", "config.json"));
  await Deno.copyFile(join(diffusers, "empty_prompt.safetensors"), join(original, "empty_prompt.safetensors"));
  return { diffusers, original, file, photos };
}

tensorTest("openModel() gives the same FLUX from diffusers' layout, the original one and its single file", async () => {
  await inFolder(async (folder) => {
    using scope = tensorScope();
    const { diffusers, original, file } = await prepareBoth(folder);
    const x0 = scope.own(tf.randomNormal<tf.Rank.R4>([1, 4, 6, 16], 0, 1, "float32", 1));
    const c = scope.own(tf.randomNormal<tf.Rank.R4>([1, 4, 6, 16], 0, 1, "float32", 2));
    const results: tf.Tensor[] = [];
    for (const checkpoint of [diffusers, original, file]) {
      for (const weights of ["resident", "streamed"] as const) {
        using model = await openModel({ backbone: "flux", checkpoint, dtype: "f32", weights });
        assertEquals(model.times(4, 64, 64).length, 5);
        const field = model.backbone.velocity(model.params), times = model.times(2, 32, 48);
        const latents = scope.own(await sample({ field, solver: model.solver, x0, c, steps: 2, times }));
        results.push(scope.own(model.codec.decode(latents as tf.Tensor4D)));
      }
    }
    for (const result of results.slice(1)) close(result, results[0], { relative: 1e-5 });
  });
});

tensorTest("trainModel() and restoreFiles() take the original layout of FLUX", async () => {
  await inFolder(async (folder) => {
    const { diffusers, original, file, photos } = await prepareBoth(folder), losses: number[][] = [];
    for (const checkpoint of [diffusers, original]) {
      const places = { checkpoint, photos, out: join(folder, `out-${losses.length}`) };
      const { output, events } = await finish(tinyRequest(tinySettings("flux"), places));
      assertEquals(Object.keys(output), ["sft", "adversary", "asdpo"]);
      losses.push(events.flatMap((event) => event.kind === "step" ? event.numbers.loss ?? [] : []));
    }
    assert(losses[0].length >= 9);
    losses[0].forEach((loss, i) => assert(Math.abs(losses[1][i] - loss) <= 1e-4 * Math.abs(loss) + 1e-6));

    const input = join(folder, "in.png"), results: Uint8Array[] = [];
    await Deno.writeFile(input, await pictureFile(0, 8));
    for (const checkpoint of [diffusers, file]) {
      const out = join(folder, `restored-${results.length}`);
      const run = restoreFiles({
        inputs: [input],
        out,
        overwrite: false,
        network: { run: folder, loras: [], checkpoint, dtype: "f32" },
        settings: { steps: 1, seed: 0, colourFix: "none" },
        signal: new AbortController().signal,
        start: () => Promise.resolve(),
      });
      for await (const event of run) assert(event.kind !== "strip");
      results.push(await sharp(join(out, "in.png")).raw().toBuffer());
    }
    assertEquals(results[1].length, results[0].length);
    assert(results[0].every((level, i) => Math.abs(level - results[1][i]) <= 1)); // ties may round either way
  });
}, { engines: ["native"] });

Deno.test("a checkpoint of both layouts, of neither, or of another single file is refused with what is accepted", async () => {
  await inFolder(async (folder) => {
    const { diffusers, original, file } = await prepareBoth(folder);
    const targets = (checkpoint: string, backbone: "flux" | "sd15" = "flux") =>
      networkTargets({ backbone, checkpoint });
    const refused = (checkpoint: string, value: string, backbone?: "sd15") =>
      assertRejects(() => targets(checkpoint, backbone), DataError, `current value is ${value}`);
    assertEquals(await targets(original), await targets(diffusers));
    assertEquals(await targets(file), await targets(diffusers));

    await refused(folder, "a folder without them");
    for (const layout of ["transformer/config.json", "flux1-*.safetensors with ae.safetensors", "unet/config.json"]) {
      await assertRejects(() => targets(folder), DataError, layout);
    }
    await refused(join(folder, "nowhere"), "no such folder");
    await refused(original, file, "sd15");
    await Deno.copyFile(file, join(diffusers, "flux1-dev.safetensors"));
    await refused(diffusers, "transformer/config.json, flux1-dev.safetensors");

    await Deno.remove(join(original, "config.json"));
    await assertRejects(() => targets(original), DataError, "heads must have 128 channels");
    const sd = join(original, "v1-5.safetensors");
    await Deno.copyFile(goldenPath("unet/unet_sd15_tiny.safetensors"), sd);
    await assertRejects(() => targets(sd), DataError, "SD1.5 and SDXL are read from folders in diffusers' layout");
  });
});

Deno.test("deriveFluxConfig() tells FLUX.1-dev, schnell and other depths by their shapes", () => {
  assertEquals(deriveFluxConfig(fluxTensors(FLUX_DEV), "dev"), FLUX_DEV);
  const schnell = { ...FLUX_DEV, guidance: false },
    short = { ...FLUX_DEV, doubleBlocks: 11, singleBlocks: 3, heads: 2 };
  for (const config of [schnell, short]) {
    const shapes = Object.fromEntries(Object.entries(fluxShapes(config)).map(([name, shape]) => [name, { shape }]));
    assertEquals(deriveFluxConfig(shapes, "other"), config);
  }
});
