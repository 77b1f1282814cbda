import { join } from "node:path";
import { DataError, inputOutputError, isFolderLocked, readJson, writeJson } from "../core/mod.ts";

/** How a run stands; the lock, not this file, says whether it is running now. */
export interface RunStatus {
  /** `stopped`: the same command goes on with it; `failed`: something must be put right first. */
  readonly state: "running" | "done" | "stopped" | "failed";
  /** Name of the experiment, such as `table3`. */
  readonly experiment: string;
  /** Name of the preset. */
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

const STATUS = "status.json";

/** Writes how a run stands. */
export function writeRunStatus(folder: string, status: RunStatus): Promise<void> {
  return writeJson(join(folder, STATUS), status);
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
