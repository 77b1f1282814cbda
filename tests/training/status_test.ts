import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataError, RefusedError, StoppedError } from "../../lib/core/mod.ts";
import { listRuns, trainModel } from "../../lib/experiment/mod.ts";
import { findSmallRun } from "../../lib/experiment/restore/small_run.ts";
import { inFolder } from "../core/folder.ts";
import { writeSmallRun } from "../restore/small_run.ts";
import { tensorTest } from "../support.ts";
import { finish, prepareTiny, tinyRequest, tinySettings } from "./tiny.ts";

tensorTest("trainModel() keeps how it stands, and no training is taken for a run of the small network", async () => {
  await inFolder(async (folder) => {
    const runs = join(folder, "runs"), out = join(runs, "training"), controller = new AbortController();
    const places = { ...await prepareTiny(folder, "flux"), out };
    const request = {
      ...tinyRequest(tinySettings("flux"), places),
      stages: ["sft"] as const,
      command: "task train",
      signal: controller.signal,
    };
    await assertRejects(async () => {
      for await (const event of trainModel(request)) if (event.kind === "stage") controller.abort();
    }, StoppedError);
    const stopped = { experiment: "train", preset: "flux", label: "SFT", index: 1, count: 1, command: "task train" };
    assertEquals(await listRuns(runs), [{ ...stopped, state: "stopped", folder: out }]);

    const small = await writeSmallRun(runs); // before the training ends
    const again = { ...request, signal: new AbortController().signal };
    await finish(again);
    const [, training] = await listRuns(runs);
    assertEquals(training, { ...stopped, state: "done", label: "done", folder: out });
    assertEquals((await findSmallRun(runs)).folder, small);
    const other = { ...again, command: "task train --seed 7", settings: tinySettings("flux", { seed: 7 }) };
    await assertRejects(() => finish(other), RefusedError, "seed 7, not 0");
    assertEquals((await listRuns(runs))[1], training); // a refused command leaves it as it was
    await Deno.writeTextFile(join(out, "sft", "pytorch_lora_weights.safetensors"), "damaged");
    await assertRejects(() => finish(again), DataError);
    const [, { state, message }] = await listRuns(runs);
    assertEquals([state, message?.startsWith("Cannot")], ["failed", true]);
  });
}, { engines: ["native"] });
