import { join } from "node:path";
import {
  AsasrError,
  DataError,
  inputOutputError,
  isFolderLocked,
  readJson,
  RefusedError,
  StoppedError,
  writeJson,
} from "../core/mod.ts";
import type { RunEvent } from "./events.ts";

/** How a run stands; the lock, not this file, says whether it is running now. */
export interface RunStatus {
  /** `stopped`: the same command goes on with it; `failed`: something must be put right first. */
  readonly state: "running" | "done" | "stopped" | "failed";
  /** Name of the experiment, such as `table3`, or {@linkcode TRAINING}. */
  readonly experiment: string;
  /** Name of the preset, or the network of a training. */
  readonly preset: string;
  /** What it was doing: `SFT, seed 0`. */
  readonly label: string;
  /** Stages begun, from 0. */
  readonly index: number;
  /** Stages in all. */
  readonly count: number;
  /** Why it failed, one line. */
  readonly message?: string;
  /** The command that goes on with it. */
  readonly command: string;
}

/** A run as `deno task status` lists it. */
export interface RunSummary extends RunStatus {
  /** Where it lies, below the folder that was listed. */
  readonly folder: string;
}

/** The experiment of a run that is a training of `deno task train`. */
export const TRAINING = "train";

const STATUS = "status.json";

/**
 * Passes on the events of a run and keeps how it stands, for `deno task status`, up to its end or failure.
 *
 * @param folder Of the run, whose lock is held.
 * @param facts What does not change, and the number of stages before one has begun.
 */
export async function* trackRun<R>(
  folder: string,
  { count, ...facts }: Pick<RunStatus, "experiment" | "preset" | "command" | "count">,
  run: AsyncGenerator<RunEvent, R>,
): AsyncGenerator<RunEvent, R> {
  let at = { label: "data", index: 0, count };
  const write = (state: RunStatus["state"], changes?: Partial<RunStatus>) =>
    writeJson(join(folder, STATUS), { state, ...facts, ...at, ...changes });
  const before = await readStatus(folder).catch(() => null); // a damaged one is written anew
  let begun = false;
  await write("running");
  try {
    await using events = run;
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      if (next.value.kind === "step" && next.value.label === at.label) begun = true; // of a stage, not of its data
      if (next.value.kind === "stage") {
        const { label, index, count } = next.value;
        at = { label, index, count };
        await write("running");
      }
      yield next.value;
    }
    await write("done", { label: "done" });
    return next.value;
  } catch (error) {
    const stopped = error instanceof StoppedError;
    const message = error instanceof AsasrError ? error.message : String(error).split("\n")[0];
    // Refused before any work, the run stands as it did, with the command that goes on with it.
    const kept = error instanceof RefusedError && before !== null && !begun;
    const written = kept
      ? writeJson(join(folder, STATUS), before)
      : write(stopped ? "stopped" : "failed", stopped ? {} : { message });
    await written.catch(() => {}); // on a full disk this fails too: the first error is the one to tell
    throw error;
  }
}

/**
 * Lists the runs below a folder, by name.
 *
 * A run that says it is running but holds no lock was killed: it is listed as stopped, and the same command resumes it.
 *
 * @param root Folder of all runs; one that does not exist has none.
 * @throws {InputOutputError} If it cannot be read.
 * @throws {DataError} If a run's `status.json` is not its status.
 */
export async function listRuns(root: string): Promise<RunSummary[]> {
  const runs: RunSummary[] = [];
  for (const name of await folderNames(root)) {
    const folder = join(root, name);
    const status = await readStatus(folder);
    if (!status) continue;
    const held = await isFolderLocked(folder);
    const state = held ? "running" : status.state === "running" ? "stopped" : status.state;
    runs.push({ ...status, state, folder });
  }
  return runs;
}

async function readStatus(folder: string): Promise<RunStatus | null> {
  const path = join(folder, STATUS);
  try {
    await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const status = await readJson(path) as RunStatus;
  if (typeof status?.state !== "string" || typeof status.experiment !== "string") {
    throw new DataError(`Cannot list runs as ${path} must be the status of a run: current value is another JSON`);
  }
  return status;
}

async function folderNames(root: string): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const entry of Deno.readDir(root)) if (entry.isDirectory) names.push(entry.name);
    return names.sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw inputOutputError("list", root, error);
  }
}
