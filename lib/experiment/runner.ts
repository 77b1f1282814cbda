import { join } from "node:path";
import { AsasrError, checkRunId, contentHash, lockFolder, StoppedError, writeJson } from "../core/mod.ts";
import { engineInfo } from "../engine/mod.ts";
import type { ResolvedExperiment } from "./config.ts";
import { platform, projectCommit } from "./environment.ts";
import { prepareData } from "./data.ts";
import { readGivenArtifacts } from "./given_artifacts.ts";
import { sourcesOf } from "./sources.ts";
import type { RunEvent } from "./events.ts";
import { assembleResults } from "./assemble.ts";
import { backboneOf } from "./backbone.ts";
import { countStages, needs } from "./plan.ts";
import type { Results } from "./results.ts";
import { type RunStatus, writeRunStatus } from "./run_folder.ts";
import { runSeed, type SeedOutput } from "./seed.ts";
import type { RunContext } from "./stages/context.ts";
import { restoredStage } from "./stages/restored.ts";
import { restorerStage } from "./stages/restorer.ts";

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
  const count = countStages(experiment);
  const store = {
    root: join(options.root, "stages"),
    platform: platform(),
    commit: await projectCommit(),
    stageCommits: new Set<string>(),
    progress: { index: 0, count },
  };
  const status = (state: RunStatus["state"], label: string, message?: string) =>
    writeRunStatus(folder, {
      state,
      experiment: config.name,
      preset,
      label,
      index: store.progress.index,
      count,
      message,
      command: options.command,
    });
  let label = "data";
  await writeJson(join(folder, "settings.json"), { settings, arms });
  await status("running", label);
  try {
    yield { kind: "stage", stage: "data", label, cached: false, index: 0, count };
    const data = yield* prepareData(settings, options.signal);
    const { signal, checkpointSeconds = 15 } = options;
    const context: RunContext = { settings, store, backbone: backboneOf(settings), ...data, signal, checkpointSeconds };
    await using stages = runStages(experiment, context);
    let next = await stages.next();
    for (; !next.done; next = await stages.next()) {
      if (next.value.kind === "stage") {
        // A stage that has begun stops by itself, at a place from which it can go on.
        if (options.signal.aborted) {
          throw new StoppedError(`Stopped before ${next.value.label}; the same command goes on from here`);
        }
        label = next.value.label;
        await status("running", label);
      }
      yield next.value;
    }
    yield { kind: "stage", stage: "results", label: "results", cached: false, index: count, count };
    const results = await assembleResults(experiment, context, next.value, {
      folder,
      settingsHash,
      command: options.command,
      ...data,
    });
    await writeJson(join(folder, "results.json"), results);
    await status("done", "done");
    return { results, folder };
  } catch (error) {
    const stopped = error instanceof StoppedError;
    const message = error instanceof AsasrError ? error.message : String(error).split("\n")[0];
    // On a full disk this fails too: the first error is the one to tell, and without a lock a run is not running.
    await status(stopped ? "stopped" : "failed", label, stopped ? undefined : message).catch(() => {});
    throw error;
  }
}

async function* runStages(experiment: ResolvedExperiment, context: RunContext): AsyncGenerator<RunEvent, SeedOutput[]> {
  const { settings, signal } = context;
  const { artifacts, smallRestorer } = needs(experiment.arms, settings);
  const given = artifacts ? yield* readGivenArtifacts(settings, context, signal) : null;
  const restorer = smallRestorer ? yield* restorerStage(context) : undefined;
  const restored = [];
  for (const name of artifacts ? sourcesOf(settings).restorers : []) restored.push(yield* restoredStage(context, name));
  const outputs: SeedOutput[] = [];
  const sources = { restorer, restored, given };
  for (const seed of settings.seeds) outputs.push(yield* runSeed(experiment, context, seed, sources));
  return outputs;
}
