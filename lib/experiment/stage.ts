import { join } from "node:path";
import { contentHash, lockFolder, readJson, writeJson } from "../core/mod.ts";
import type { RunEvent } from "./events.ts";

/** Raised when what a stage computes changes without any of its inputs changing; part of every hash. */
export const CODE_VERSION = 2;

/** The file whose presence says that a stage is finished; written last. */
const DONE = "stage.json";

/** The file in which a stage keeps what it needs to go on; removed once the stage is finished. */
export const CHECKPOINT = "state.safetensors";

/** What decides the last bits of everything that is computed. */
export interface Platform {
  readonly engine: string;
  /** Version of the engine's library. */
  readonly version: string;
  /** Intra-op threads. */
  readonly threads: number;
  /** Version of tfjs, which divides the steps into operations. */
  readonly tfjs: string;
  /** Version of Deno, whose Math functions the random numbers go through. */
  readonly deno: string;
  /** `linux-x86_64`. */
  readonly system: string;
}

/** Where stages live and how far the run is. */
export interface StageStore {
  /** Folder of all stages, shared by every experiment with the same inputs. */
  readonly root: string;
  /** What decides the last bits of what is computed: engine, threads, versions, platform. */
  readonly platform: Platform;
  /** Commit of the code that computes now. */
  readonly commit: string;
  /** Place in the plan, counted up by each stage. */
  readonly progress: { index: number; count: number };
}

/** One piece of a run. */
export interface StageSpec<T> {
  /** `sft`, `adversary`, ... : the first part of the folder's name. */
  readonly name: string;
  readonly label: string;
  /** Everything that decides the outputs: settings, seed, hashes of the stages below. */
  readonly inputs: unknown;
  /** Writes the outputs into `folder`; must go on from what an interrupted call left there. */
  compute(folder: string): AsyncGenerator<RunEvent, void>;
  /** Reads the outputs back. */
  load(folder: string): Promise<T>;
}

/** A finished stage: its outputs and the hash by which later stages name it. */
export interface StageResult<T> {
  readonly value: T;
  readonly hash: string;
  readonly folder: string;
  /** Commit that computed it, which may be older than the code that takes it up. */
  readonly commit: string;
}

/**
 * Computes a stage, or takes it up where its folder says that it is done.
 *
 * The folder is `NAME-HASH` with the hash of the inputs, so equal stages of different experiments, arms and runs are
 * computed once; the folder is locked while it is written.
 *
 * @throws {LockedError} If another process is computing the same stage.
 */
export async function* runStage<T>(store: StageStore, spec: StageSpec<T>): AsyncGenerator<RunEvent, StageResult<T>> {
  const hash = contentHash({ stage: spec.name, inputs: spec.inputs, platform: store.platform, code: CODE_VERSION });
  const folder = join(store.root, stageFolder(spec.name, hash));
  const done = join(folder, DONE);
  const cached = await exists(done);
  const index = ++store.progress.index;
  yield { kind: "stage", stage: spec.name, label: spec.label, cached, index, count: store.progress.count };
  if (!cached) {
    using _lock = await lockFolder(folder);
    if (!await exists(done)) { // another process may have finished it before the lock
      await removeTemporaries(folder);
      yield* spec.compute(folder);
      await writeJson(done, { stage: spec.name, hash, inputs: spec.inputs, commit: store.commit });
    }
  }
  const { commit } = await readJson(done) as { readonly commit: string };
  await removeIfThere(join(folder, CHECKPOINT)); // only now: before the mark, a killed process still needs it
  return { value: await spec.load(folder), hash, folder, commit };
}

/** Name of a stage's folder below that of all stages. */
export function stageFolder(name: string, hash: string): string {
  return `${name}-${hash.slice(0, 16)}`;
}

/** Removes the temporary files that a killed process left between writing and renaming. */
async function removeTemporaries(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (/^\..*\.tmp$/.test(name)) await Deno.remove(join(folder, name));
  }
}

async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
