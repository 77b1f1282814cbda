import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { hashParams, sha256Hex, TrainingError } from "../../lib/core/mod.ts";
import type { CurveData } from "../../lib/experiment/curves.ts";
import { trainInFolder, type TrainingSpec } from "../../lib/experiment/stages/training.ts";
import { disposeTrainState, loadTrainState, train } from "../../lib/optim/mod.ts";
import { inFolder } from "../core/folder.ts";
import { type Batch, batchOf, initialParams, training } from "../optim/problem.ts";
import { tensorTest } from "../support.ts";

/** The small problem, whose targets are infinite in one step (counted from 1). */
function problem(folder: string, badStep = Infinity): TrainingSpec {
  const batch = (step: number, micro: number): Batch => {
    const { x, y } = batchOf(1)(step, micro);
    if (step + 1 !== badStep) return { x, y };
    const bad = y.div<typeof y>(0);
    y.dispose();
    return { x, y: bad };
  };
  const { steps } = training;
  const start = (state: Parameters<TrainingSpec["start"]>[0]) => train({ ...training, state, batch });
  return { folder, label: "small problem", steps, checkpointSeconds: 1e9, init: initialParams, start };
}

async function finish(spec: TrainingSpec): Promise<void> {
  for await (const event of trainInFolder(spec)) assertEquals(event.kind, "step");
}

tensorTest("trainInFolder() names the step of a loss that is not finite and keeps the last good state", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "state.safetensors");
    for (const attempt of ["first", "again"]) {
      const error = await finish(problem(folder, 4)).then(() => null, (error) => error);
      assert(error instanceof TrainingError, attempt);
      assert(error.message.startsWith("Cannot take step 4 as the loss of its batch 1 must be finite"), error.message);
      assert(error.message.endsWith(`(small problem; step 3 is kept in ${path})`), error.message);
      assertEquals(error.exitCode, 70);
    }
    const { state, extra } = await loadTrainState(path);
    const good = join(folder, "good");
    const optimizer = { ...training.optimizer, steps: training.steps };
    await finish({ ...problem(good), steps: 3, start: (state) => train({ ...training, state, steps: 3, optimizer }) });
    assertEquals([state.step, (extra as unknown as CurveData).steps], [3, [1, 2, 3]]);
    const kept = await Deno.readFile(join(good, "params.safetensors"));
    assertEquals(await hashParams(state.params), sha256Hex(kept));
    disposeTrainState(state);
  });
});

tensorTest("trainInFolder() goes on from the kept state with the bytes of an uninterrupted training", async () => {
  await inFolder(async (folder) => {
    const failed = join(folder, "failed"), straight = join(folder, "straight");
    await assertRejects(() => finish(problem(failed, 5)), TrainingError, "step 5");
    await finish(problem(failed));
    await finish(problem(straight));
    for (const name of ["params.safetensors", "curve.json"]) {
      assertEquals(await Deno.readFile(join(failed, name)), await Deno.readFile(join(straight, name)), name);
    }
  });
});

tensorTest("trainInFolder() tells the loss even where the state cannot be kept", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "state.safetensors"));
    await assertRejects(
      () => finish(problem(folder, 2)),
      TrainingError,
      "(small problem; the disk took no checkpoint)",
    );
  });
});
