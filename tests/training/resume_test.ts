import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, RefusedError, StoppedError } from "../../lib/core/mod.ts";
import { trainModel, type TrainRequest } from "../../lib/experiment/mod.ts";
import { stepOf } from "../../lib/experiment/tensorboard/event.ts";
import { splitRecords } from "../../lib/experiment/tensorboard/events_file.ts";
import { start } from "../cli/process.ts";
import { inFolder } from "../core/folder.ts";
import { tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

const settings = tinySettings("flux");

/** The bytes that must not depend on interruptions. */
async function results(out: string): Promise<Uint8Array[]> {
  const files = ["sft", "adversary", "asdpo"].flatMap((stage) =>
    ["pytorch_lora_weights.safetensors", "curve.json", "step-000003.png"].map((name) => join(out, stage, name))
  );
  return await Promise.all(files.map((path) => Deno.readFile(path)));
}

/** Trains until a stage reports a step, then asks it to stop. */
async function stopAt(request: TrainRequest, label: string, step: number): Promise<void> {
  const controller = new AbortController();
  const run = trainModel({ ...request, signal: controller.signal });
  await assertRejects(async () => {
    for await (const event of run) {
      if (event.kind === "step" && event.label === label && event.step === step) controller.abort();
    }
  }, StoppedError);
}

tensorTest("trainModel() stopped in every stage goes on to the same bytes", async () => {
  await inFolder(async (folder) => {
    const places = await prepareTiny(folder, "flux"), out = join(folder, "out"), straight = join(folder, "straight");
    const request = tinyRequest(settings, { ...places, out });
    await stopAt(request, "encoding crops", 3);
    for (const label of ["SFT", "adversary", "AS-DPO"]) await stopAt(request, label, 2);
    await finish(request);
    await finish(tinyRequest(settings, { ...places, out: straight }));
    assertEquals(await results(out), await results(straight));
    const [events] = Array.from(Deno.readDirSync(join(out, "sft")), ({ name }) => name)
      .filter((name) => name.startsWith("events.out.tfevents."));
    const records = splitRecords(await Deno.readFile(join(out, "sft", events)));
    assertEquals(records.map(({ data }) => stepOf(data)), [0, 1, 2, 3]);
  });
}, { engines: ["native"] });

tensorTest("trainModel() killed while AS-DPO runs goes on to the same bytes", async () => {
  await inFolder(async (folder) => {
    const places = await prepareTiny(folder, "flux"), out = join(folder, "out"), straight = join(folder, "straight");
    const process = start("tests/training/tiny.ts", ["flux", places.checkpoint, places.photos, out, "AS-DPO 2"]);
    await process.prints("AS-DPO 2");
    process.signal("SIGKILL");
    const { code } = await process.outcome;
    assert(code !== 0, "the process ended before it was killed");
    await finish(tinyRequest(settings, { ...places, out }));
    await finish(tinyRequest(settings, { ...places, out: straight }));
    assertEquals(await results(out), await results(straight));
  });
}, { engines: ["native"] });

tensorTest("trainModel() refuses to go on with AS-DPO on another SFT adapter, or with other settings", async () => {
  await inFolder(async (folder) => {
    const places = await prepareTiny(folder, "flux"), out = join(folder, "out");
    const request = tinyRequest(settings, { ...places, out });
    await stopAt(request, "AS-DPO", 1);
    const sft = join(out, "sft", "pytorch_lora_weights.safetensors"), moved = join(folder, "moved.safetensors");
    await finish({
      ...tinyRequest(tinySettings("flux", { seed: 1 }), { ...places, out: join(folder, "other") }),
      stages: ["sft"],
    });
    await Deno.copyFile(join(folder, "other", "sft", "pytorch_lora_weights.safetensors"), moved);
    const asdpo = { ...request, stages: ["asdpo"] as const };
    await assertRejects(
      () => finish({ ...asdpo, given: { sft: moved } }),
      RefusedError,
      "the frozen SFT adapter, by sha256, ",
    );
    await Deno.copyFile(moved, sft);
    await assertRejects(() => finish(asdpo), DataError, "must be the file that its training wrote");
    await assertRejects(
      () =>
        finish({ ...request, settings: tinySettings("flux", { lora: { rank: 3, alpha: 3 } }), stages: ["adversary"] }),
      RefusedError,
      "current value is alpha 3, not 2; rank 3, not 2",
    );
    const written = JSON.parse(await Deno.readTextFile(join(out, "adversary", "settings.json")));
    assertEquals(written, JSON.parse(JSON.stringify(settings))); // not those that were refused
  });
}, { engines: ["native"] });
