import type { ArtifactSet } from "../adversary/mod.ts";
import { assembleResults } from "./assemble.ts";
import { planSeed } from "./cells/plan.ts";
import type { ResolvedExperiment } from "./config.ts";
import type { RunEvent } from "./events.ts";
import { readGivenArtifacts } from "./given_artifacts.ts";
import { needs } from "./needs.ts";
import { countLeft } from "./plan.ts";
import type { Results } from "./results.ts";
import { runSeed, type SeedOutput } from "./seed.ts";
import { sourcesOf } from "./sources.ts";
import type { StageResult } from "./stage.ts";
import type { RunContext } from "./stages/context.ts";
import { restoredStage } from "./stages/restored.ts";
import { type RestorerOutput, restorerStage } from "./stages/restorer.ts";
import { type RunOptions, superviseRun } from "./supervise.ts";

/** A finished run. */
export interface RunOutput {
  /** What `results.json` holds. */
  readonly results: Results;
  /** Its folder, with `results.json` in it. */
  readonly folder: string;
}

/**
 * Runs an experiment: data, then for each seed SFT, artifacts, adversaries, rollouts, arms and evaluations, then the
 * comparison. The engine must have been started.
 *
 * Interrupted at any moment and started again it goes on where it was and ends with the same results.
 *
 * @throws {LockedError} If another process runs it.
 * @throws {StoppedError} If the signal was raised.
 */
export function runExperiment(
  experiment: ResolvedExperiment,
  options: RunOptions,
): AsyncGenerator<RunEvent, RunOutput> {
  return superviseRun(experiment, options, {
    stages: (context) => runStages(experiment, context),
    finish: (context, seeds, facts) => assembleResults(experiment, context, seeds, facts),
  });
}

async function* runStages(
  { arms }: ResolvedExperiment,
  context: RunContext,
): AsyncGenerator<RunEvent, SeedOutput[]> {
  const { settings, signal, store, cells } = context;
  const { artifacts } = needs(arms, settings);
  const given = artifacts ? yield* readGivenArtifacts(settings, context, signal) : null;
  const restored: StageResult<ArtifactSet>[] = [];
  for (const name of artifacts ? sourcesOf(settings).restorers : []) restored.push(yield* restoredStage(context, name));
  const foreign = { given: given?.hash ?? null, restored: restored.map(({ hash }) => hash) };
  const plans = [];
  for (const seed of settings.seeds) plans.push(await planSeed(context, arms, seed, foreign, cells.read));
  store.progress.count = countLeft(arms, settings, plans) + store.progress.index;
  let small: StageResult<RestorerOutput> | undefined;
  async function* restorer(): AsyncGenerator<RunEvent, StageResult<RestorerOutput>> {
    return small ??= yield* restorerStage(context);
  }
  const outputs: SeedOutput[] = [];
  for (const plan of plans) outputs.push(yield* runSeed(arms, context, plan, { restorer, restored, given }));
  return outputs;
}
