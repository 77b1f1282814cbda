import type { ArtifactSet } from "../adversary/mod.ts";
import type { Raster } from "../image/mod.ts";
import { type Arm, rolloutStepsOf } from "./arms.ts";
import { CONTROLS, type ResultCell } from "./cells/cell.ts";
import { checkpointHash, makeCell } from "./cells/make.ts";
import { cellsOf, completeSeed, missingCells, type SeedPlan } from "./cells/plan.ts";
import { keepCell } from "./cells/store.ts";
import type { RunEvent } from "./events.ts";
import { adversaryStage, artifactTargets, rolloutTargets } from "./stages/adversary.ts";
import { artifactStage } from "./stages/artifacts.ts";
import { type ArtifactOutput, joinArtifacts } from "./stages/artifact_output.ts";
import { type ArmInputs, armStage, type TunedArm } from "./stages/arm.ts";
import type { RunContext } from "./stages/context.ts";
import { ARM_POINT, evaluationStage } from "./stages/evaluation.ts";
import type { RestorerOutput } from "./stages/restorer.ts";
import { mixStage } from "./stages/mixes.ts";
import { rolloutStage } from "./stages/rollouts.ts";
import { type SftOutput, sftStage } from "./stages/sft.ts";
import { armShots, controlShots } from "./controls.ts";
import type { GivenArtifacts } from "./given_artifacts.ts";
import { needs } from "./needs.ts";
import { countSeedStages } from "./plan.ts";
import type { Settings } from "./schema/mod.ts";
import { sourcesOf } from "./sources.ts";
import type { StageResult } from "./stage.ts";

/** Everything that one seed gives. */
export interface SeedOutput {
  readonly seed: number;
  /** By arm, and `controls`. */
  readonly cells: ReadonlyMap<string, ResultCell>;
  /** The first test crops by point, for the strips; none of cells that were taken up. */
  readonly samples: Readonly<Record<string, readonly Raster[]>>;
}

/** Sources of artifacts that are the same for every seed; absent where no arm needs them. */
export interface SharedSources {
  /** Trains the small restorer where it has not been trained yet. */
  readonly restorer: () => AsyncGenerator<RunEvent, StageResult<RestorerOutput>>;
  /** Outputs of published restorers on the training crops. */
  readonly restored: readonly StageResult<ArtifactSet>[];
  /** What came as files. */
  readonly given: GivenArtifacts | null;
}

/** What the arms of a seed are made of. */
interface Below {
  readonly reference: StageResult<SftOutput>;
  readonly artifacts?: ArtifactOutput;
}

/**
 * Takes up the finished cells of a seed and computes the others.
 *
 * Where every cell is there from one reference, nothing is trained, whatever machine computed them. Where some are missing
 * the reference is trained, or taken from its stage, and only cells of that same reference, to the byte, are taken up.
 */
export async function* runSeed(
  arms: Readonly<Record<string, Arm>>,
  context: RunContext,
  plan: SeedPlan,
  sources: SharedSources,
): AsyncGenerator<RunEvent, SeedOutput> {
  const { seed } = plan;
  const whole = completeSeed(plan);
  if (whole) {
    for (const cell of new Set(whole.values())) yield { kind: "note", text: takenUp(cell) };
    return { seed, cells: whole, samples: {} };
  }
  const reference = yield* sftStage(context, seed);
  const cells = cellsOf(plan, checkpointHash(reference.value));
  for (const cell of cells.values()) yield { kind: "note", text: takenUp(cell) };
  const missing = Object.entries(arms).filter(([id, { method }]) => method !== "sft" && !cells.has(id));
  const todo = Object.fromEntries(missing);
  context.store.progress.count += countUnforeseen(arms, context.settings, plan, cells);
  const below = yield* belowArms(todo, context, seed, reference, sources);
  const samples: Record<string, readonly Raster[]> = {};
  if (!cells.has(CONTROLS)) {
    const evaluation = yield* evaluationStage(context, { ...controlShots(context.settings), seed, reference });
    Object.assign(samples, evaluation.value.samples);
    const cell = await makeCell(
      plan.inputs.get(CONTROLS)!,
      seed,
      undefined,
      { reference, evaluation },
      context.settings,
    );
    cells.set(CONTROLS, yield* kept(context, cell));
  }
  for (const [id, arm] of missing) {
    if (arm.method === "sft") continue;
    const { cell, sample } = yield* runArm(id, arm, context, plan, below);
    samples[id] = sample;
    cells.set(id, yield* kept(context, cell));
  }
  return { seed, cells, samples };
}

/** The artifacts that some arm needs. */
async function* belowArms(
  arms: Readonly<Record<string, Arm>>,
  context: RunContext,
  seed: number,
  reference: StageResult<SftOutput>,
  { restorer, restored, given }: SharedSources,
): AsyncGenerator<RunEvent, Below> {
  const wanted = needs(arms, context.settings);
  if (!wanted.artifacts) return { reference };
  const { trained: names } = sourcesOf(context.settings);
  const small = wanted.smallRestorer ? yield* restorer() : undefined;
  const trained = names.length > 0 ? yield* artifactStage(context, seed, names, reference, small) : undefined;
  return { reference, artifacts: joinArtifacts(context.train, trained, restored, given) };
}

/** Tunes and evaluates one arm on what it alone uses: its hash must not change with the stages of other arms. */
async function* runArm(
  id: string,
  arm: TunedArm,
  context: RunContext,
  { seed, inputs }: SeedPlan,
  below: Below,
): AsyncGenerator<RunEvent, { cell: ResultCell; sample: readonly Raster[] }> {
  const { settings } = context, { reference } = below;
  const made = yield* negativesOf(arm, context, seed, below);
  const adapter = yield* armStage(context, seed, arm, { reference, ...made });
  const evaluation = yield* evaluationStage(context, {
    label: `evaluation of ${arm.label}, seed ${seed}`,
    seed,
    reference,
    adapter,
    ...armShots(settings),
  });
  const stages = { reference, adversary: made.adversary, adapter, evaluation };
  const cell = await makeCell(inputs.get(id)!, seed, { id, arm }, stages, settings);
  return { cell, sample: evaluation.value.samples[ARM_POINT] };
}

/** Makes what an arm learns from, beside the training crops. */
async function* negativesOf(
  arm: TunedArm,
  context: RunContext,
  seed: number,
  { reference, artifacts }: Below,
): AsyncGenerator<RunEvent, Omit<ArmInputs, "reference">> {
  const steps = rolloutStepsOf(arm, context.settings.rollouts.steps);
  const rollouts = steps === null ? undefined : yield* rolloutStage(context, seed, reference, steps);
  if (arm.method === "distill") {
    return { rollouts: yield* mixStage(context, seed, arm.weight, reference, rollouts!) };
  }
  if (arm.method === "finetune" || arm.negatives === "self") return {};
  if (arm.negatives === "rollout") return { rollouts };
  if (arm.negatives === "static") return { artifacts };
  const rank = arm.adversaryRank ?? context.settings.lora.rank;
  const targets = rollouts ? rolloutTargets(context, rollouts) : artifactTargets(context, seed, artifacts!);
  return { adversary: yield* adversaryStage(context, seed, rank, reference, targets) };
}

/** Stages of cells that the plan counted on and that belong to another reference. */
function countUnforeseen(
  arms: Readonly<Record<string, Arm>>,
  settings: Settings,
  plan: SeedPlan,
  cells: ReadonlyMap<string, ResultCell>,
): number {
  const expected = missingCells(plan);
  const unusable = [...plan.inputs.keys()].filter((id) => !expected.includes(id) && !cells.has(id));
  const some = Object.fromEntries(Object.entries(arms).filter(([id]) => unusable.includes(id)));
  return Number(unusable.includes(CONTROLS)) + countSeedStages(some, settings);
}

async function* kept({ cells }: RunContext, cell: ResultCell): AsyncGenerator<RunEvent, ResultCell> {
  if (cells.keep !== undefined) yield { kind: "note", text: `kept ${await keepCell(cells.keep, cell)}` };
  return cell;
}

function takenUp({ arm, seed, environment }: ResultCell): string {
  const { engine, engineVersion, threads, platform, commit } = environment;
  return `cell ${arm} of seed ${seed} taken up: ${engine} ${engineVersion}, ${threads} threads, ${platform}, commit ${commit}`;
}
