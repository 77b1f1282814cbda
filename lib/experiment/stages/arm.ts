import { join } from "node:path";
import {
  artifactNegatives,
  distill,
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
import type { Arm, PreferenceArm } from "../arms.ts";
import type { CurveData } from "../curves.ts";
import type { RunEvent } from "../events.ts";
import type { OptimizationSettings, Settings } from "../schema/mod.ts";
import { optimizerOf } from "../optimizer.ts";
import { PASSES } from "../passes.ts";
import { runStage, type StageResult } from "../stage.ts";
import { type AdapterOutput, loadAdapter } from "./adversary.ts";
import type { ArtifactOutput } from "./artifact_output.ts";
import type { RunContext } from "./context.ts";
import { trainOnPolicy } from "./on_policy.ts";
import type { SftOutput } from "./sft.ts";
import { trainInFolder } from "./training.ts";

/** An arm that trains: every method but `sft`. */
export type TunedArm = Exclude<Arm, { method: "sft" }>;

/** The stages below an arm; those that it does not need are absent. */
export interface ArmInputs {
  readonly reference: StageResult<SftOutput>;
  readonly artifacts?: ArtifactOutput;
  readonly adversary?: StageResult<AdapterOutput>;
  /** Samples of the reference; for a distilled arm mixed with the posterior mean. */
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
  const steps = stepsOf(arm, settings);
  return runStage(context.store, {
    name: "arm",
    label,
    inputs: {
      reference: below.reference.hash,
      artifacts: below.artifacts?.hash ?? null,
      adversary: below.adversary?.hash ?? null,
      rollouts: below.rollouts?.hash ?? null,
      // Equal compute depends on the adversary's settings too.
      method: arm.method === "finetune" && arm.matches ? { ...method, steps } : method,
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
          steps,
          checkpointSeconds: context.checkpointSeconds,
          init: () => createLora(backbone.targets, { ...lora, rng: rng(seed, "policy-lora") }).params,
          start: (state, curve) => startArm(context, { seed, arm, below, base, adversary, folder }, state, curve),
        });
        await removeBanks(folder);
      } finally {
        disposeParams(base);
        if (adversary) disposeParams(adversary);
      }
    },
    load: (folder) => loadAdapter(folder, lora),
  });
}

/** An arm under way. */
interface ArmTraining {
  readonly seed: number;
  readonly arm: TunedArm;
  readonly below: ArmInputs;
  readonly base: Params;
  readonly adversary: Params | undefined;
  readonly folder: string;
}

function startArm(
  context: RunContext,
  { seed, arm, below, base, adversary, folder }: ArmTraining,
  state: TrainState,
  before: CurveData,
): AsyncGenerator<StepReport> {
  const { settings, backbone, train, signal } = context;
  const { alignment, lora } = settings;
  const { batchSize, accumulation, frequencyUnit: unit } = alignment;
  const steps = stepsOf(arm, settings);
  const { policy, reference } = dualLora(backbone, base, [], lora);
  const optimizer = optimizerOf({ ...alignment, steps });
  const common = { state, optimizer, pairs: train, seed, steps, batchSize, accumulation, signal };
  if (arm.method === "finetune") {
    const { timeSampling: times, flips } = settings.sft;
    return sft({ ...common, s: arm.sobolevIndex, unit, family: policy, times, flips, purpose: "finetune" });
  }
  if (arm.method === "distill") {
    return distill({ ...common, family: policy, targets: rolloutNegatives(below.rollouts!.value, "own") });
  }
  const align = (negatives: NegativeSource, until: number, history: readonly number[]) =>
    asdpo({
      ...common,
      steps: until,
      s: arm.sobolevIndex,
      unit,
      pairs: arm.negatives === "static" ? below.artifacts!.pairs : train,
      policy,
      reference,
      negatives,
      beta: alignment.beta,
      rho: alignment.rho,
      reduction: alignment.reduction,
      health: { limit: alignment.healthLimit, window: alignment.healthWindow, history },
    });
  const history = before.values.winnerGap ?? [];
  if (arm.banks === undefined) {
    const adapters = adversary && below.adversary ? [{ ...below.adversary.value, params: adversary }] : [];
    return align(negativesOf(arm, below, () => backbone.velocity(base, adapters)), steps, history);
  }
  const first = below.rollouts!.value, every = Math.ceil(steps / arm.banks);
  return trainOnPolicy(context, {
    folder,
    seed,
    every,
    steps,
    state,
    policy,
    first,
    train: (bank, until, reports) =>
      align(rolloutNegatives(bank, arm.noise), until, [...history, ...reports.map(({ winnerGap }) => winnerGap)]),
  });
}

function stepsOf(arm: TunedArm, { alignment, adversary }: Settings): number {
  if (arm.method !== "finetune") return alignment.steps * (arm.lengthen ?? 1);
  if (!arm.matches) return alignment.steps;
  const images = (stage: OptimizationSettings): number => stage.batchSize * stage.accumulation;
  const passes = alignment.steps * images(alignment) * PASSES.preference +
    adversary.steps * images(adversary) * PASSES.supervised;
  return Math.round(passes / (images(alignment) * PASSES.supervised));
}

/** Removes the banks that the policy sampled, which only the training needed. */
async function removeBanks(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (/^bank-\d+\.safetensors$/.test(name)) await Deno.remove(join(folder, name));
  }
}

/** Where the arm's losers come from; `field` is the adversary, or the reference where there is none. */
function negativesOf(
  arm: PreferenceArm,
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
