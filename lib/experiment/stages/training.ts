import { join } from "node:path";
import {
  decodeTensors,
  disposeParams,
  downloadParams,
  encodeTensors,
  type HostTensor,
  type Params,
  readBytes,
  readJson,
  type StepReport,
  StoppedError,
  TrainingError,
  writeAtomic,
  writeJson,
} from "../../core/mod.ts";
import {
  createTrainState,
  disposeTrainState,
  loadTrainState,
  saveTrainState,
  type TrainState,
} from "../../optim/mod.ts";
import type { RunEvent } from "../events.ts";
import { appendReport, type CurveData } from "../curves.ts";
import { CHECKPOINT } from "../stage.ts";

/** A training inside a stage. */
export interface TrainingSpec {
  readonly folder: string;
  readonly label: string;
  readonly steps: number;
  /** Seconds between two checkpoints: what a kill -9 can cost. */
  readonly checkpointSeconds: number;
  /** Makes the initial parameters; called only where there is no checkpoint. */
  init(): Params;
  /** Starts the trainer on a state that may already be some steps old, with what it reported in those steps. */
  start(state: TrainState, before: CurveData): AsyncGenerator<StepReport>;
  /** Called after every step, for snapshots and sample strips. */
  afterStep?(step: number, params: Params): AsyncGenerator<RunEvent, void>;
}

/**
 * Trains to the last step, with a checkpoint every few seconds, and writes `params.safetensors` and `curve.json`, the
 * curve of every step, into the folder. An interrupted call goes on from its checkpoint and ends with the same bytes.
 *
 * @throws {StoppedError} If the signal was raised; the checkpoint is written before.
 * @throws {TrainingError} If a loss or gradient is not finite; the checkpoint holds the last good values.
 */
export async function* trainInFolder(spec: TrainingSpec): AsyncGenerator<RunEvent, void> {
  const path = join(spec.folder, CHECKPOINT);
  const { state, curve } = await openState(path, spec.init);
  const save = () => saveTrainState(path, state, { ...curve });
  try {
    let saved = performance.now();
    for await (const report of spec.start(state, curve)) {
      appendReport(curve, report);
      yield { kind: "step", label: spec.label, step: report.step, steps: spec.steps, numbers: report };
      if (spec.afterStep) yield* spec.afterStep(report.step, state.params);
      if (performance.now() - saved >= spec.checkpointSeconds * 1000) {
        await save();
        saved = performance.now();
      }
    }
    if (state.step < spec.steps) {
      await save();
      throw new StoppedError(
        `Stopped ${spec.label} at step ${state.step} of ${spec.steps}; the same command goes on from here`,
      );
    }
    await saveParams(join(spec.folder, "params.safetensors"), state.params);
    await writeJson(join(spec.folder, "curve.json"), curve);
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    const kept = await save().then(() => `step ${state.step} is kept in ${path}`, () => "the disk took no checkpoint");
    throw new TrainingError(`${error.message} (${spec.label}; ${kept})`, { cause: error });
  } finally {
    disposeTrainState(state);
  }
}

/** Writes parameters as safetensors, atomically. */
export async function saveParams(path: string, params: Params): Promise<void> {
  await writeAtomic(path, encodeTensors(await downloadParams(params)));
}

/** Reads the curve that {@link trainInFolder} wrote. */
export async function readCurve(folder: string): Promise<CurveData> {
  return await readJson(join(folder, "curve.json")) as CurveData;
}

/** Reads parameters into host memory. */
export async function readParams(path: string): Promise<Record<string, HostTensor>> {
  return decodeTensors(await readBytes(path), path).tensors;
}

async function openState(path: string, init: () => Params): Promise<{ state: TrainState; curve: CurveData }> {
  if (await isFile(path)) {
    const { state, extra } = await loadTrainState(path);
    return { state, curve: extra as unknown as CurveData };
  }
  const params = init();
  try {
    return { state: createTrainState(params), curve: { steps: [], values: {} } };
  } finally {
    disposeParams(params);
  }
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isFile, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
}
