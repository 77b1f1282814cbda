import { join } from "node:path";
import { writeTinyCheckpoint } from "../../lib/cli/table6/checkpoints.ts";
import { proceduralImage } from "../../lib/dataset/mod.ts";
import { startEngine } from "../../lib/engine/mod.ts";
import {
  type ModelKind,
  resolveTrainSettings,
  type RunEvent,
  trainModel,
  type TrainOutput,
  type TrainRequest,
  type TrainSettings,
  type TrainSettingsInput,
} from "../../lib/experiment/mod.ts";
import { writePng } from "../../lib/image/mod.ts";

/** Settings with which all three stages take seconds. */
export function tinySettings(backbone: ModelKind, input: Partial<TrainSettingsInput> = {}): TrainSettings {
  const stage = { steps: 3, batchSize: 2, accumulation: 1, warmup: 1, learningRate: 1e-3 };
  return resolveTrainSettings({
    backbone,
    dtype: "f32",
    size: 32,
    context: 64,
    crops: 6,
    degradation: "mild",
    lora: { rank: 2, alpha: 2 },
    sft: stage,
    adversary: stage,
    asdpo: { ...stage, beta: 50 },
    strips: { crops: 2, steps: 2, count: 1 },
    ...input,
  });
}

/** Writes a tiny checkpoint and procedural photographs. */
export async function prepareTiny(
  folder: string,
  backbone: Exclude<ModelKind, "small">,
): Promise<{ checkpoint: string; photos: string }> {
  const checkpoint = join(folder, "checkpoint"), photos = join(folder, "photos");
  await writeTinyCheckpoint(backbone, checkpoint);
  await Deno.mkdir(photos);
  for (let i = 0; i < 4; i++) {
    await writePng(join(photos, `${i}.png`), proceduralImage(1, i, { width: 72, height: 64 }));
  }
  return { checkpoint, photos };
}

/** A request of all stages, with bicubic as the restorer to imitate. */
export function tinyRequest(
  settings: TrainSettings,
  { checkpoint, photos, out }: { checkpoint: string; photos: string; out: string },
): TrainRequest {
  return {
    settings,
    checkpoint,
    stages: ["sft", "adversary", "asdpo"],
    data: [photos],
    artifacts: { restorers: ["bicubic"], weights: "weights", share: 0.5 },
    out,
    signal: new AbortController().signal,
    checkpointSeconds: 0,
  };
}

/** Trains to the end and lists what happened. */
export async function finish(request: TrainRequest): Promise<{ output: TrainOutput; events: RunEvent[] }> {
  const run = trainModel(request), events: RunEvent[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) events.push(next.value);
  return { output: next.value, events };
}

if (import.meta.main) {
  const [backbone, checkpoint, photos, out, holdAt] = Deno.args;
  await startEngine({ engine: "auto", threads: 2, install: false });
  const run = trainModel(tinyRequest(tinySettings(backbone as ModelKind), { checkpoint, photos, out }));
  for await (const event of run) {
    if (event.kind !== "step" || `${event.label} ${event.step}` !== holdAt) continue;
    console.log(holdAt);
    await new Promise((resolve) => setTimeout(resolve, 600_000)); // killed here
  }
}
