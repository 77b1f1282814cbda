import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { StoppedError } from "../../lib/core/mod.ts";
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
    await assertRejects(() => finish({ ...again, settings: tinySettings("flux", { seed: 7 }) }));
    const [, { state, message }] = await listRuns(runs);
    assertEquals([state, message?.startsWith("Cannot")], ["failed", true]);
  });
}, { engines: ["native"] });
