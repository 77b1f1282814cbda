import { join } from "node:path";
import type { ArtifactSet } from "../adversary/mod.ts";
import { checkRunId, contentHash, lockFolder, StoppedError, writeJson } from "../core/mod.ts";
import { engineInfo } from "../engine/mod.ts";
import type { ResolvedExperiment } from "./config.ts";
import { platform, projectCommit } from "./environment.ts";
import { prepareData, type RunData } from "./data.ts";
import { readGivenArtifacts } from "./given_artifacts.ts";
import { sourcesOf } from "./sources.ts";
import type { RunEvent } from "./events.ts";
import { assembleResults } from "./assemble.ts";
import { backboneOf } from "./backbone.ts";
import { planSeed } from "./cells/plan.ts";
import type { CellFolders } from "./cells/store.ts";
import { countLeft, countStages, needs } from "./plan.ts";
import type { Results } from "./results.ts";
import { trackRun } from "./run_folder.ts";
import { runSeed, type SeedOutput } from "./seed.ts";
import type { RunContext } from "./stages/context.ts";
import { restoredStage } from "./stages/restored.ts";
import type { Settings } from "./schema/mod.ts";
import type { StageResult } from "./stage.ts";
import { type RestorerOutput, restorerStage } from "./stages/restorer.ts";

/** The crops of the last of several runs. */
export interface PreparedData {
  /** Hash of its data settings, and the crops; none before the first run. */
  last?: { readonly hash: string; readonly data: RunData };
}

/** Where a run lives and how it was started. */
export interface RunOptions {
  /** Folder of all runs; the stages they share lie in its `stages`. */
  readonly root: string;
  /** The command that goes on with the run, for `status` and the report. */
  readonly command: string;
  /** Raised to stop cleanly after the current step. */
  readonly signal: AbortSignal;
  /** Seconds between two checkpoints of a training, at least 0: what a kill -9 can cost it. 15 by default. */
  readonly checkpointSeconds?: number;
  /** Where finished cells are looked for and kept; by default everything is computed and nothing kept. */
  readonly cells?: CellFolders;
  /** The crops of the last run, taken again where the data settings are the same; filled by every run. */
  readonly prepared?: PreparedData;
}

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
export async function* runExperiment(
  experiment: ResolvedExperiment,
  options: RunOptions,
): AsyncGenerator<RunEvent, RunOutput> {
  const { config, preset, settings, arms } = experiment;
  const { engine, threads } = engineInfo();
  const settingsHash = contentHash({ settings, arms, engine, threads });
  const id = checkRunId(`${config.name}-${preset}-${settingsHash.slice(0, 8)}`);
  const folder = join(options.root, id);
  using _lock = await lockFolder(folder);
  const store = {
    root: join(options.root, "stages"),
    platform: platform(),
    commit: await projectCommit(),
    progress: { index: 0, count: countStages(experiment) },
  };
  await writeJson(join(folder, "settings.json"), { settings, arms });
  async function* run(): AsyncGenerator<RunEvent, RunOutput> {
    yield { kind: "stage", stage: "data", label: "data", cached: false, ...store.progress };
    const data = yield* prepareOnce(settings, options);
    const { signal, checkpointSeconds = 15, cells = { read: [] } } = options;
    const backbone = backboneOf(settings);
    const context: RunContext = { settings, store, backbone, ...data, cells, signal, checkpointSeconds };
    await using stages = runStages(experiment, context);
    let next = await stages.next();
    for (; !next.done; next = await stages.next()) {
      // A stage that has begun stops by itself, at a place from which it can go on.
      if (next.value.kind === "stage" && options.signal.aborted) {
        throw new StoppedError(`Stopped before ${next.value.label}; the same command goes on from here`);
      }
      yield next.value;
    }
    yield { kind: "stage", stage: "results", label: "results", cached: false, ...store.progress };
    const results = await assembleResults(experiment, context, next.value, {
      folder,
      settingsHash,
      command: options.command,
      ...data,
    });
    await writeJson(join(folder, "results.json"), results);
    return { results, folder };
  }
  const { count } = store.progress, { command } = options;
  return yield* trackRun(folder, { experiment: config.name, preset, command, count }, run());
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

/** The crops of a run; those of the last one where their settings are the same. */
async function* prepareOnce(settings: Settings, { signal, prepared }: RunOptions): AsyncGenerator<RunEvent, RunData> {
  const hash = contentHash(settings.data);
  if (prepared?.last?.hash === hash) return prepared.last.data;
  const data = yield* prepareData(settings, signal);
  if (prepared) prepared.last = { hash, data };
  return data;
}
