import { join } from "node:path";
import { memoryLine } from "../../backbones/mod.ts";
import { disposeParams, lockFolder } from "../../core/mod.ts";
import { platform } from "../environment.ts";
import type { RunEvent } from "../events.ts";
import { trackRun, TRAINING } from "../run_folder.ts";
import { freeMemory, networkTargets, type OpenedModel, openModel } from "../models/mod.ts";
import { artifactCrops, openArtifacts, type OpenedArtifacts } from "./artifacts.ts";
import { checkTraining } from "./check_training.ts";
import { planCrops, type PlannedCrops } from "./crop_sources.ts";
import { encodeCrops } from "./encoded_crops.ts";
import { frozenLora, openLora } from "./frozen_lora.ts";
import { planTraining } from "./memory.ts";
import type { Procedure } from "./procedure.ts";
import type { TrainRequest } from "./request.ts";
import { showCrops } from "./show_crops.ts";
import { type TrainSettings, type TrainStage, trainStages } from "./settings.ts";
import { begunWeights, type LoraRecord } from "./stage_folder.ts";
import { adapterTargets, targetsLine } from "./targets.ts";
import { adversaryStage, asdpoStage, sftStage } from "./train_stages.ts";

/** The adapters that were trained, by stage. */
export type TrainOutput = Readonly<Partial<Record<TrainStage, LoraRecord>>>;

/**
 * Run the paper's procedure on frozen weights, one stage or all: an SFT adapter, which with the weights is the reference;
 * an adversary, an adapter on the weights alone that imitates restorers; and AS-DPO, a new adapter on weights and frozen
 * SFT adapter. The engine must have been started.
 *
 * Interrupted at any moment and called again it goes on where it was and ends with the same adapters.
 *
 * @throws {UsageError} If a stage lacks what it builds on.
 * @throws {LockedError} If another process works in the folder.
 * @throws {StoppedError} If the signal was raised.
 * @throws {DataError} If files cannot be used, or the frozen SFT adapter is not the one that AS-DPO began with.
 * @throws {RefusedError} If the memory does not suffice, or settings or data are not those that a stage began with.
 */
export async function* trainModel(request: TrainRequest): AsyncGenerator<RunEvent, TrainOutput> {
  const { settings, out, command } = request, stages = trainStages.filter((stage) => request.stages.includes(stage));
  await checkTraining(request);
  using _lock = await lockFolder(out);
  const run = runStages(request, stages);
  if (command === undefined) return yield* run;
  return yield* trackRun(out, { experiment: TRAINING, preset: settings.backbone, command, count: stages.length }, run);
}

async function* runStages(
  request: TrainRequest,
  stages: readonly TrainStage[],
): AsyncGenerator<RunEvent, TrainOutput> {
  const { settings, out, checkpoint, signal, data, checkpointSeconds = 60 } = request;
  const targets = adapterTargets(await networkTargets({ ...settings, checkpoint }), settings);
  yield { kind: "note", text: targetsLine(targets, settings) };
  const plan = await planTraining({ checkpoint, settings, stages, targets }, {
    limit: request.memoryLimit ?? freeMemory(),
    weights: request.weights ?? await begunWeights(stages.map((stage) => join(out, stage))),
  });
  yield { kind: "note", text: memoryLine(plan) };
  using stack = new DisposableStack();
  const artifacts = stages.includes("adversary") ? await openArtifacts(request.artifacts!, stack) : null;
  const planned = yield* planCrops(data, settings, signal);
  const model = stack.use(await openModel({ ...settings, checkpoint, weights: plan.weights }));
  for (const text of model.notes) yield { kind: "note", text };
  const shown = yield* showCrops(planned.validation, space(model, settings), cache(out, signal, "strips"));
  const procedure: Procedure = {
    settings,
    model,
    targets,
    out,
    platform: platform(),
    shown,
    checkpointSeconds,
    signal,
  };
  const crops = stages.some((stage) => stage !== "adversary")
    ? yield* encodeCrops(planned.train, space(model, settings), cache(out, signal, "encoding crops"))
    : undefined;

  const output: Partial<Record<TrainStage, LoraRecord>> = {};
  for (const [i, stage] of stages.entries()) {
    yield { kind: "stage", stage, label: LABELS[stage], cached: false, index: i + 1, count: stages.length };
    switch (stage) {
      case "sft":
        output.sft = yield* sftStage(procedure, crops!);
        break;
      case "adversary":
        output.adversary = yield* trainOnArtifacts(procedure, artifacts!, planned);
        break;
      case "asdpo": {
        const network = { prefix: model.prefix, targets: model.backbone.targets };
        const sft = await openLora(await frozenLora(out, "sft", request.given?.sft), network);
        using frozen = new DisposableStack();
        frozen.adopt(sft.adapter.params, disposeParams);
        const adversary = await openLora(await frozenLora(out, "adversary", request.given?.adversary), network);
        frozen.adopt(adversary.adapter.params, disposeParams);
        output.asdpo = yield* asdpoStage(procedure, crops!, { sft, adversary });
      }
    }
  }
  return output;
}

const LABELS: Readonly<Record<TrainStage, string>> = { sft: "SFT", adversary: "adversary", asdpo: "AS-DPO" };

async function* trainOnArtifacts(
  procedure: Procedure,
  artifacts: OpenedArtifacts,
  planned: PlannedCrops,
): AsyncGenerator<RunEvent, LoraRecord> {
  const { settings, model, out, signal } = procedure;
  const crops = yield* artifactCrops(artifacts, planned.train, settings, signal);
  const pairs = yield* encodeCrops(crops, space(model, settings), cache(out, signal, "encoding negatives"));
  return yield* adversaryStage(procedure, pairs);
}

function space({ codec, codecIdentity }: OpenedModel, { size, conditionScale }: TrainSettings) {
  return { codec, identity: codecIdentity, size, conditionScale };
}

function cache(out: string, signal: AbortSignal, label: string) {
  return { folder: join(out, "latents"), label, signal };
}
