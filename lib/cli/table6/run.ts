import { join } from "node:path";
import { readJson } from "../../core/mod.ts";
import { proceduralImages } from "../../dataset/mod.ts";
import { type RunEvent, trainModel, type TrainSettings, type TrainStage, trainStages } from "../../experiment/mod.ts";
import { writePng } from "../../image/mod.ts";
import { writeTinyCheckpoint } from "./checkpoints.ts";
import { type Generator, table6 } from "../../../experiments/mod.ts";

/** How the loss of a stage moved: means over its first and last quarter. */
export interface LossRow {
  readonly generator: Generator;
  readonly stage: TrainStage;
  readonly first: number;
  readonly last: number;
}

/** Procedural photographs to train on. */
const PHOTOGRAPHS = 6;

/**
 * Train a tiny generator through all stages.
 *
 * @param folder Checkpoint, photographs and training lie in it; a run that was interrupted goes on there.
 */
export async function* runGenerator(
  generator: Generator,
  folder: string,
  signal: AbortSignal,
  settings: TrainSettings = table6.settings[generator],
): AsyncGenerator<RunEvent, LossRow[]> {
  const checkpoint = join(folder, "checkpoint"), photographs = join(folder, "photographs");
  await writeTinyCheckpoint(generator, checkpoint);
  for (const [i, image] of proceduralImages(0, { count: PHOTOGRAPHS, size: { width: 96, height: 96 } }).entries()) {
    await writePng(join(photographs, `${i}.png`), await image.read());
  }
  const out = join(folder, "training");
  yield* trainModel({
    settings,
    checkpoint,
    stages: trainStages,
    data: [photographs],
    artifacts: { restorers: ["bicubic"], weights: "", share: 0.5 },
    out,
    signal,
  });
  const rows: LossRow[] = [];
  for (const stage of trainStages) {
    const { values: { loss } } = await readJson(join(out, stage, "curve.json")) as { values: { loss: number[] } };
    const quarter = Math.ceil(loss.length / 4);
    rows.push({ generator, stage, first: mean(loss.slice(0, quarter)), last: mean(loss.slice(-quarter)) });
  }
  return rows;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
