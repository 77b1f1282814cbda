import type { ArtifactSet } from "../adversary/mod.ts";
import type { ResolvedExperiment } from "./config.ts";
import type { RunEvent } from "./events.ts";
import { armStage, type TunedArm } from "./stages/arm.ts";
import { type AdapterOutput, adversaryStage } from "./stages/adversary.ts";
import { artifactStage } from "./stages/artifacts.ts";
import { joinArtifacts } from "./stages/artifact_output.ts";
import type { RunContext } from "./stages/context.ts";
import { type EvaluationOutput, evaluationStage } from "./stages/evaluation.ts";
import type { RestorerOutput } from "./stages/restorer.ts";
import { rolloutStage } from "./stages/rollouts.ts";
import { type SftOutput, sftStage } from "./stages/sft.ts";
import { controlShots } from "./controls.ts";
import type { GivenArtifacts } from "./given_artifacts.ts";
import { sourcesOf } from "./sources.ts";
import type { StageResult } from "./stage.ts";
import { needs } from "./plan.ts";

/** Everything that one seed gives. */
export interface SeedOutput {
  readonly seed: number;
  readonly reference: StageResult<SftOutput>;
  /** By LoRA rank. */
  readonly adversaries: ReadonlyMap<number, StageResult<AdapterOutput>>;
  /** By arm. */
  readonly adapters: ReadonlyMap<string, StageResult<AdapterOutput>>;
  readonly evaluations: readonly StageResult<EvaluationOutput>[];
}

/** Sources of artifacts that are the same for every seed; absent where no arm needs them. */
export interface SharedSources {
  /** The small restorer. */
  readonly restorer?: StageResult<RestorerOutput>;
  /** Outputs of published restorers on the training crops. */
  readonly restored: readonly StageResult<ArtifactSet>[];
  /** What came as files. */
  readonly given: GivenArtifacts | null;
}

/** Runs all stages of a seed. */
export async function* runSeed(
  { arms }: ResolvedExperiment,
  context: RunContext,
  seed: number,
  { restorer, restored, given }: SharedSources,
): AsyncGenerator<RunEvent, SeedOutput> {
  const { settings } = context;
  const wanted = needs(arms, settings);
  const reference = yield* sftStage(context, seed);
  const { trained: names } = sourcesOf(settings);
  const trained = wanted.artifacts && names.length > 0
    ? yield* artifactStage(context, seed, names, reference, restorer)
    : undefined;
  const artifacts = wanted.artifacts ? joinArtifacts(context.train, trained, restored, given) : undefined;
  const adversaries = new Map<number, StageResult<AdapterOutput>>();
  for (const rank of wanted.adversaryRanks) {
    adversaries.set(rank, yield* adversaryStage(context, seed, rank, reference, artifacts!));
  }
  const rollouts = wanted.rollouts ? yield* rolloutStage(context, seed, reference) : undefined;
  const adapters = new Map<string, StageResult<AdapterOutput>>();
  const evaluations = [yield* evaluationStage(context, { ...controlShots(settings), seed, reference })];
  for (const [id, arm] of Object.entries(arms)) {
    if (arm.method === "sft") continue;
    const below = { reference, ...inputsOf(arm, { artifacts, adversaries, rollouts }, settings.lora.rank) };
    const adapter = yield* armStage(context, seed, arm, below);
    adapters.set(id, adapter);
    const shots = [{ id, solver: "euler" as const, steps: settings.evaluation.steps }];
    const label = `evaluation of ${arm.label}, seed ${seed}`;
    evaluations.push(yield* evaluationStage(context, { label, seed, reference, adapter, shots, posteriorDraws: 0 }));
  }
  return { seed, reference, adversaries, adapters, evaluations };
}

/** Only what an arm uses: its hash must not change with the stages of other arms. */
function inputsOf<A, R>(
  arm: TunedArm,
  all: { artifacts?: A; adversaries: ReadonlyMap<number, StageResult<AdapterOutput>>; rollouts?: R },
  defaultRank: number,
): { artifacts?: A; adversary?: StageResult<AdapterOutput>; rollouts?: R } {
  if (arm.method !== "preference") return {};
  switch (arm.negatives) {
    case "adversary":
      return { adversary: all.adversaries.get(arm.adversaryRank ?? defaultRank) };
    case "static":
      return { artifacts: all.artifacts };
    case "rollout":
      return { rollouts: all.rollouts };
    case "self":
      return {};
  }
}
