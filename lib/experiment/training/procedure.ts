import { join } from "node:path";
import { artifactNegatives, fieldNegatives, trainAdversary } from "../../adversary/mod.ts";
import { asdpo, dualLora } from "../../asdpo/mod.ts";
import { rng } from "../../core/mod.ts";
import { adapterOn, awaitGradients, sft } from "../../flow/mod.ts";
import { type Adapter, createLora, type LinearShapes } from "../../nn/mod.ts";
import type { VelocityField } from "../../backbones/mod.ts";
import type { RunEvent } from "../events.ts";
import type { OpenedModel } from "../models/mod.ts";
import { optimizerOf } from "../optimizer.ts";
import type { Platform } from "../stage.ts";
import type { EncodedCrops } from "./encoded_crops.ts";
import { type LoraStageSpec, trainLora } from "./lora_stage.ts";
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

/** Trains the SFT adapter on the published weights: with them it is the reference. */
export function sftStage(procedure: Procedure, pairs: EncodedCrops): AsyncGenerator<RunEvent, LoraRecord> {
  const { settings, model, signal } = procedure, { lora, seed, sft: options } = settings;
  return trainLora({
    ...common(procedure, "sft", "SFT", options, { crops: pairs.hash }),
    start: (state) =>
      sft({
        family: adapterOn(model.backbone, model.params, lora),
        path: model.path,
        state,
        optimizer: optimizerOf(options),
        pairs,
        seed,
        steps: options.steps,
        batchSize: options.batchSize,
        accumulation: options.accumulation,
        differentiate: differentiateOf(model),
        times: options.timeSampling,
        flips: options.flips,
        s: 0,
        signal,
      }),
    afterStep: strips(
      procedure,
      "sft",
      "SFT",
      options.steps,
      (params) => model.backbone.velocity(model.params, [{ ...lora, params }]),
    ),
  });
}

/** Trains the adversary, an adapter on the published weights alone, to imitate the outputs of restorers (Sec. 4.1). */
export function adversaryStage(procedure: Procedure, pairs: EncodedCrops): AsyncGenerator<RunEvent, LoraRecord> {
  const { settings, model, signal } = procedure, { lora, seed, adversary: options } = settings;
  return trainLora({
    ...common(procedure, "adversary", "adversary", options, { crops: pairs.hash }),
    start: (state) =>
      trainAdversary({
        family: adapterOn(model.backbone, model.params, lora),
        path: model.path,
        targets: artifactNegatives(pairs.artifacts),
        state,
        optimizer: optimizerOf(options),
        pairs,
        seed,
        steps: options.steps,
        batchSize: options.batchSize,
        accumulation: options.accumulation,
        differentiate: differentiateOf(model),
        signal,
      }),
    afterStep: strips(
      procedure,
      "adversary",
      "adversary",
      options.steps,
      (params) => model.backbone.velocity(model.params, [{ ...lora, params }]),
    ),
  });
}

/** Trains the policy: a new adapter on the published weights and the frozen SFT adapter, by AS-DPO (Eq. 18). */
export function asdpoStage(
  procedure: Procedure,
  pairs: EncodedCrops,
  frozen: { readonly sft: FrozenLora; readonly adversary: FrozenLora },
): AsyncGenerator<RunEvent, LoraRecord> {
  const { settings, model, signal } = procedure, { lora, seed, asdpo: options, sobolevIndex: s } = settings;
  const { policy, reference } = dualLora(model.backbone, model.params, [frozen.sft.adapter], lora);
  const adversary = model.backbone.velocity(model.params, [frozen.adversary.adapter]);
  return trainLora({
    ...common(procedure, "asdpo", "AS-DPO", { ...options, sobolevIndex: s }, {
      crops: pairs.hash,
      sftLora: frozen.sft.hash,
      adversaryLora: frozen.adversary.hash,
    }),
    start: (state, before) =>
      asdpo({
        policy,
        reference,
        negatives: fieldNegatives(adversary),
        path: model.path,
        state,
        optimizer: optimizerOf(options),
        pairs,
        seed,
        steps: options.steps,
        batchSize: options.batchSize,
        accumulation: options.accumulation,
        differentiate: differentiateOf(model),
        s,
        unit: options.frequencyUnit,
        reduction: options.reduction,
        beta: options.beta,
        rho: options.rho,
        health: { limit: options.healthLimit, window: options.healthWindow, history: before.values.winnerGap },
        signal,
      }),
    afterStep: strips(procedure, "asdpo", "AS-DPO", options.steps, (params) => policy(params)),
  });
}

/** How gradients are found where the loss cannot be traced. */
function differentiateOf({ weights }: OpenedModel): typeof awaitGradients | undefined {
  return weights === "streamed" ? awaitGradients : undefined;
}

/** What the stages have in common: folder, inputs, and a zero-initialised adapter of their own. */
function common(
  { settings, model, targets, out, platform, checkpointSeconds }: Procedure,
  stage: TrainStage,
  label: string,
  options: OptimizationSettings & { readonly sobolevIndex?: number },
  below: StageInputs,
): Omit<LoraStageSpec, "start" | "afterStep"> {
  const { lora, seed, dtype } = settings;
  const streamed = model.weights === "streamed" ? { weights: model.weights } : {}; // other last bits
  return {
    folder: join(out, stage),
    label,
    inputs: { model: model.identity, dtype, lora: { ...lora }, seed, options, platform, ...below, ...streamed },
    settings,
    scale: lora,
    network: { prefix: model.prefix, targets },
    steps: options.steps,
    checkpointSeconds,
    init: () => createLora(targets, { ...lora, rng: rng(seed, `${stage}-lora`), init: "gaussian" }).params,
  };
}

/** Draws a strip of samples a few times during a stage. */
function strips(
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
