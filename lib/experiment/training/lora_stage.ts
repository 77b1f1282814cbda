import { join } from "node:path";
import { disposeParams, lockFolder, type Params, type StepReport, uploadParams, writeJson } from "../../core/mod.ts";
import type { TrainState } from "../../optim/mod.ts";
import { type LoraNetwork, writeLora } from "../../weights/mod.ts";
import type { CurveData } from "../curves.ts";
import type { RunEvent } from "../events.ts";
import { CHECKPOINT } from "../stage.ts";
import { readParams, trainInFolder } from "../stages/training.ts";
import { type EventsFile, openEvents } from "../tensorboard/events_file.ts";
import { type AdapterOrigin, originText } from "./adapter_origin.ts";
import type { TrainSettings } from "./settings.ts";
import {
  claimStage,
  finishedStage,
  finishStage,
  LORA_FILE,
  type LoraRecord,
  type StageInputs,
} from "./stage_folder.ts";

/** What `trainInFolder` leaves: the factors without the layout of an adapter's file. */
const UNWRAPPED = "params.safetensors";

/** The training of one adapter in a folder of its own. */
export interface LoraStageSpec {
  /** Of this stage. */
  readonly folder: string;
  /** For people: `SFT`. */
  readonly label: string;
  /** Everything that decides the outcome. */
  readonly inputs: StageInputs;
  /** All settings, for people: of the last call that went on. */
  readonly settings: TrainSettings;
  /** Rank and alpha. */
  readonly scale: { readonly rank: number; readonly alpha: number };
  /** How it is trained, for the file. */
  readonly origin: AdapterOrigin;
  /** What is adapted, for the file. */
  readonly network: LoraNetwork;
  /** Optimizer steps. */
  readonly steps: number;
  /** Seconds between two checkpoints: what a kill -9 can cost. */
  readonly checkpointSeconds: number;
  /** Makes the first factors. */
  init(): Params;
  /** Starts the trainer. */
  start(state: TrainState, before: CurveData): AsyncGenerator<StepReport>;
  /** Called after every step, for strips of samples. */
  afterStep(step: number, params: Params): AsyncGenerator<RunEvent, void>;
}

/**
 * Train an adapter in a folder: `pytorch_lora_weights.safetensors` in diffusers' layout, `settings.json`, `curve.json`, TensorBoard
 * events, and a checkpoint while it runs. Killed at any moment and started again it goes on and ends with the same bytes of the
 * adapter and the curve.
 *
 * @returns The file; a stage that is finished is taken as it is.
 * @throws {LockedError} If another process trains in the folder.
 * @throws {StoppedError} If the signal of the trainer was raised.
 */
export async function* trainLora(spec: LoraStageSpec): AsyncGenerator<RunEvent, LoraRecord> {
  const { folder, label } = spec;
  using _lock = await lockFolder(folder);
  await claimStage(folder, label, spec.inputs);
  await writeJson(join(folder, "settings.json"), spec.settings);
  const record = await finishedStage(folder) ?? (yield* runToEnd(spec));
  for (const name of [UNWRAPPED, CHECKPOINT]) await removeIfThere(join(folder, name));
  return record;
}

async function* runToEnd(spec: LoraStageSpec): AsyncGenerator<RunEvent, LoraRecord> {
  const { folder, label, scale, network, steps } = spec;
  using stack = new DisposableStack();
  let events: EventsFile | undefined;
  for await (const event of trainInFolder(spec)) {
    if (event.kind === "step") {
      const now = Date.now() / 1000, { steps: _, step: __, ...scalars } = event.numbers;
      events ??= stack.use(await openEvents(folder, { from: event.step - 1, now }));
      await events.add({ step: event.step, wallTime: now, scalars });
    }
    yield event;
  }
  const params = uploadParams(await readParams(join(folder, UNWRAPPED)));
  const header = originText(spec.origin);
  await writeLora(join(folder, LORA_FILE), { ...scale, params }, network, { header })
    .finally(() => disposeParams(params));
  return await finishStage(folder, { label, steps, ...scale });
}

async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
