import { join } from "node:path";
import { rng } from "../../core/mod.ts";
import { awaitGradients, type TrainingRun } from "../../flow/mod.ts";
import type { TrainState } from "../../optim/mod.ts";
import { type Adapter, createLora, type LinearShapes } from "../../nn/mod.ts";
import type { VelocityField } from "../../backbones/mod.ts";
import type { OpenedModel } from "../models/mod.ts";
import { optimizerOf } from "../optimizer.ts";
import type { Platform } from "../stage.ts";
import type { EncodedCrops } from "./encoded_crops.ts";
import type { LoraStageSpec } from "./lora_stage.ts";
import type { OptimizationSettings } from "../schema/mod.ts";
import type { TrainSettings, TrainStage } from "./settings.ts";
import type { LoraRecord, StageInputs } from "./stage_folder.ts";
import { type ShownCrops, writeSampleStrip } from "./strip.ts";

/** What every stage of a training needs. */
export interface Procedure {
  readonly settings: TrainSettings;
  readonly model: OpenedModel;
  /** Layers that take an adapter. */
  readonly targets: LinearShapes;
  /** Each stage has a folder in it. */
  readonly out: string;
  /** Engine, threads and versions: what decides the last bits. */
  readonly platform: Platform;
  readonly shown: ShownCrops;
  readonly checkpointSeconds: number;
  readonly signal: AbortSignal;
}

/** A frozen adapter and its file. */
export interface FrozenLora extends LoraRecord {
  readonly adapter: Adapter;
}

/** What the trainers have in common. */
export function trainingRun(
  { model, settings: { seed }, signal }: Procedure,
  pairs: EncodedCrops,
  options: OptimizationSettings,
  state: TrainState,
): TrainingRun {
  const { steps, batchSize, accumulation } = options, optimizer = optimizerOf(options);
  const differentiate = model.weights === "streamed" ? awaitGradients : undefined; // a streamed loss cannot be traced
  return { state, optimizer, pairs, seed, steps, batchSize, accumulation, path: model.path, differentiate, signal };
}

/** What the stages have in common: folder, inputs, and a zero-initialised adapter of their own. */
export function common(
  { settings, model, targets, out, platform, checkpointSeconds }: Procedure,
  stage: TrainStage,
  label: string,
  options: OptimizationSettings & { readonly sobolevIndex?: number },
  below: StageInputs,
): Omit<LoraStageSpec, "start" | "afterStep"> {
  const { lora, seed, dtype, backbone, size, conditioning, conditionScale, guidance } = settings;
  const streamed = model.weights === "streamed" ? { weights: model.weights } : {}; // other last bits
  return {
    folder: join(out, stage),
    label,
    inputs: { model: model.identity, dtype, lora: { ...lora }, seed, options, platform, ...below, ...streamed },
    settings,
    scale: lora,
    origin: { backbone, stages: [stage], size, conditioning, conditionScale, guidance },
    network: { prefix: model.prefix, targets },
    steps: options.steps,
    checkpointSeconds,
    init: () => createLora(targets, { ...lora, rng: rng(seed, `${stage}-lora`), init: "gaussian" }).params,
  };
}

/** Draws a strip of samples a few times during a stage. */
export function strips(
  { model, out, settings: { strips, seed }, shown }: Procedure,
  stage: TrainStage,
  label: string,
  steps: number,
  fieldOf: (params: Adapter["params"]) => VelocityField,
): LoraStageSpec["afterStep"] {
  const every = Math.ceil(steps / strips.count);
  return async function* (step, params) {
    if (step % every !== 0 && step !== steps) return;
    const path = join(out, stage, `step-${String(step).padStart(6, "0")}.png`);
    await writeSampleStrip(path, model, fieldOf(params), shown, { steps: strips.steps, seed });
    yield { kind: "strip", label: `${label}, step ${step}`, path };
  };
}
