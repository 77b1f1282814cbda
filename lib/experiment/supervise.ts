import { join } from "node:path";
import { checkRunId, contentHash, lockFolder, StoppedError, writeCompactJson, writeJson } from "../core/mod.ts";
import { engineInfo } from "../engine/mod.ts";
import { backboneOf } from "./backbone.ts";
import type { CellFolders } from "./cells/store.ts";
import type { ResolvedExperiment } from "./config.ts";
import { prepareData, type RunData } from "./data.ts";
import { platform, projectCommit } from "./environment.ts";
import type { RunEvent } from "./events.ts";
import { perceptualMetrics } from "./perceptual.ts";
import { countStages } from "./plan.ts";
import { trackRun } from "./run_folder.ts";
import type { Settings } from "./schema/mod.ts";
import type { RunContext } from "./stages/context.ts";

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

/** What a run is made of. */
export interface RunParts<T, R> {
  /** Computes in stages; the run counts and names them. */
  stages(context: RunContext, folder: string): AsyncGenerator<RunEvent, T>;
  /** Puts together what `results.json` shall hold. */
  finish(context: RunContext, computed: T, facts: RunFacts): Promise<R>;
}

/** What a run knows and its stages do not. */
export interface RunFacts {
  readonly folder: string;
  readonly settingsHash: string;
  readonly command: string;
  /** Conversions and warnings of the data. */
  readonly notes: readonly string[];
  readonly dataDescription: string;
}

/**
 * Keeps a run in its folder: lock, settings, status at every stage, crops, results.
 *
 * @throws {LockedError} If another process runs it.
 * @throws {StoppedError} If the signal was raised.
 */
export async function* superviseRun<T, R>(
  experiment: ResolvedExperiment,
  options: RunOptions,
  parts: RunParts<T, R>,
): AsyncGenerator<RunEvent, { results: R; folder: string }> {
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
  async function* run(): AsyncGenerator<RunEvent, { results: R; folder: string }> {
    yield { kind: "stage", stage: "data", label: "data", cached: false, ...store.progress };
    const data = yield* prepareOnce(settings, options);
    const { signal, checkpointSeconds = 15, cells = { read: [] } } = options;
    const backbone = backboneOf(settings);
    using closing = new DisposableStack();
    const { metrics: perceptual, lacking } = await perceptualMetrics(settings);
    for (const metric of perceptual) closing.use(metric);
    for (const text of lacking) yield { kind: "note", text };
    const context: RunContext = {
      settings,
      store,
      backbone,
      ...evaluatedOn(data, settings),
      perceptual,
      cells,
      signal,
      checkpointSeconds,
    };
    await using stages = parts.stages(context, folder);
    let next = await stages.next();
    for (; !next.done; next = await stages.next()) {
      // A stage that has begun stops by itself, at a place from which it can go on.
      if (next.value.kind === "stage" && options.signal.aborted) {
        throw new StoppedError(`Stopped before ${next.value.label}; the same command goes on from here`);
      }
      yield next.value;
    }
    yield { kind: "stage", stage: "results", label: "results", cached: false, ...store.progress };
    const facts = { folder, settingsHash, command: options.command, ...data };
    const results = await parts.finish(context, next.value, facts);
    await writeCompactJson(join(folder, "results.json"), results);
    return { results, folder };
  }
  const { count } = store.progress, { command } = options;
  return yield* trackRun(folder, { experiment: config.name, preset, command, count }, run());
}

/** The crops of a run with those in the place of the test crops that it is measured on. */
function evaluatedOn(data: RunData, { evaluation }: Settings): RunData {
  if (evaluation.split === "test") return data;
  return { ...data, test: data.validation, testHash: data.validationHash };
}

/** The crops of a run; those of the last one where their settings are the same. */
async function* prepareOnce(settings: Settings, { signal, prepared }: RunOptions): AsyncGenerator<RunEvent, RunData> {
  const hash = contentHash(settings.data);
  if (prepared?.last?.hash === hash) return prepared.last.data;
  const data = yield* prepareData(settings, signal);
  if (prepared) prepared.last = { hash, data };
  return data;
}
