import {
  artifactNegatives,
  fieldNegatives,
  type NegativeSource,
  type RolloutBank,
  rolloutNegatives,
} from "../../adversary/mod.ts";
import { asdpo, dualLora } from "../../asdpo/mod.ts";
import { disposeParams, type Params, rng, type StepReport, uploadParams } from "../../core/mod.ts";
import { sft } from "../../flow/mod.ts";
import { createLora } from "../../nn/mod.ts";
import type { TrainState } from "../../optim/mod.ts";
import type { Arm } from "../arms.ts";
import type { CurveData } from "../curves.ts";
import type { RunEvent } from "../events.ts";
import { optimizerOf } from "../optimizer.ts";
import { runStage, type StageResult } from "../stage.ts";
import { type AdapterOutput, loadAdapter } from "./adversary.ts";
import type { ArtifactOutput } from "./artifact_output.ts";
import type { RunContext } from "./context.ts";
import type { SftOutput } from "./sft.ts";
import { trainInFolder } from "./training.ts";

/** An arm that trains: every method but `sft`. */
export type TunedArm = Exclude<Arm, { method: "sft" }>;

/** The stages below an arm; those that it does not need are absent. */
export interface ArmInputs {
  readonly reference: StageResult<SftOutput>;
  readonly artifacts?: ArtifactOutput;
  readonly adversary?: StageResult<AdapterOutput>;
  readonly rollouts?: StageResult<RolloutBank>;
}

/** Tunes the reference by one arm: a zero-initialised adapter on the frozen base. */
export function armStage(
  context: RunContext,
  seed: number,
  arm: TunedArm,
  below: ArmInputs,
): AsyncGenerator<RunEvent, StageResult<AdapterOutput>> {
  const { settings, backbone } = context;
  const { alignment, lora } = settings;
  const label = `${arm.label}, seed ${seed}`;
  const { label: _label, description: _description, ...method } = arm;
  return runStage(context.store, {
    name: "arm",
    label,
    inputs: {
      reference: below.reference.hash,
      artifacts: below.artifacts?.hash ?? null,
      adversary: below.adversary?.hash ?? null,
      rollouts: below.rollouts?.hash ?? null,
      method,
      alignment,
      lora,
      seed,
    },
    async *compute(folder) {
      const base = uploadParams(below.reference.value.params);
      const adversary = below.adversary && uploadParams(below.adversary.value.params);
      try {
        yield* trainInFolder({
          folder,
          label,
          steps: alignment.steps,
          checkpointSeconds: context.checkpointSeconds,
          init: () => createLora(backbone.targets, { ...lora, rng: rng(seed, "policy-lora") }).params,
          start: (state, curve) => startArm(context, seed, arm, below, { base, adversary }, state, curve),
        });
      } finally {
        disposeParams(base);
        if (adversary) disposeParams(adversary);
      }
    },
    load: (folder) => loadAdapter(folder, lora),
  });
}

function startArm(
  { settings, backbone, train, signal }: RunContext,
  seed: number,
  arm: TunedArm,
  below: ArmInputs,
  { base, adversary }: { base: Params; adversary?: Params },
  state: TrainState,
  before: CurveData,
): AsyncGenerator<StepReport> {
  const { alignment, lora } = settings;
  const { steps, batchSize, accumulation, frequencyUnit: unit } = alignment;
  const { policy, reference } = dualLora(backbone, base, [], lora);
  const common = {
    state,
    optimizer: optimizerOf(alignment),
    pairs: train,
    seed,
    steps,
    batchSize,
    accumulation,
    s: arm.sobolevIndex,
    unit,
    signal,
  };
  if (arm.method === "finetune") {
    return sft({
      ...common,
      family: policy,
      times: settings.sft.timeSampling,
      flips: settings.sft.flips,
      purpose: "finetune",
    });
  }
  return asdpo({
    ...common,
    pairs: arm.negatives === "static" ? below.artifacts!.pairs : train,
    policy,
    reference,
    negatives: negativesOf(
      arm,
      below,
      () =>
        backbone.velocity(base, adversary && below.adversary ? [{ ...below.adversary.value, params: adversary }] : []),
    ),
    beta: alignment.beta,
    rho: alignment.rho,
    reduction: alignment.reduction,
    health: { limit: alignment.healthLimit, window: alignment.healthWindow, history: before.values.winnerGap },
  });
}

/** Where the arm's losers come from; `field` is the adversary, or the reference where there is none. */
function negativesOf(
  arm: TunedArm & { method: "preference" },
  { artifacts, rollouts }: ArmInputs,
  field: () => ReturnType<RunContext["backbone"]["velocity"]>,
): NegativeSource {
  switch (arm.negatives) {
    case "adversary":
    case "self":
      return fieldNegatives(field());
    case "static":
      return artifactNegatives([...artifacts!.sampled, ...artifacts!.whole]);
    case "rollout":
      return rolloutNegatives(rollouts!.value, arm.noise);
  }
}
