import { join } from "node:path";
import type { HostTensor } from "../../core/mod.ts";
import { initSmallRestorer, trainSmallRestorer } from "../../restorers/mod.ts";
import type { CurveData } from "../curves.ts";
import type { RunEvent } from "../events.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "./context.ts";
import { readCurve, readParams, trainInFolder } from "./training.ts";

/** How the small restorer is optimised: Adam at a common rate for small EDSR networks. */
const OPTIMIZER = {
  learningRate: 1e-3,
  weightDecay: 0,
  warmup: 20,
  decay: "cosine",
  floor: 0.05,
  clipNorm: 1,
} as const;
const BATCH_SIZE = 16;

/** The trained restorer. */
export interface RestorerOutput {
  readonly params: Record<string, HostTensor>;
  readonly curve: CurveData;
}

/** Trains the small restorer once for all seeds, as a published restorer would be one network. */
export function restorerStage(context: RunContext): AsyncGenerator<RunEvent, StageResult<RestorerOutput>> {
  const { settings: { artifacts, data }, train, signal } = context;
  const { restorerSteps: steps, restorerWidth: width } = artifacts;
  const label = "small restorer";
  return runStage(context.store, {
    name: "restorer",
    label,
    inputs: { data: context.trainHash, steps, width, optimizer: OPTIMIZER, batchSize: BATCH_SIZE, seed: data.seed },
    async *compute(folder) {
      yield* trainInFolder({
        folder,
        label,
        steps,
        checkpointSeconds: context.checkpointSeconds,
        init: () => initSmallRestorer(width, data.seed),
        start: (state) =>
          trainSmallRestorer({
            state,
            optimizer: OPTIMIZER,
            pairs: train,
            seed: data.seed,
            steps,
            batchSize: BATCH_SIZE,
            signal,
          }),
      });
    },
    async load(folder) {
      return {
        params: await readParams(join(folder, "params.safetensors")),
        curve: await readCurve(folder),
      };
    },
  });
}
