import { join } from "node:path";
import { LockedError } from "./errors.ts";
import { inputOutputError } from "./files.ts";

const LOCK_FILE = "lock";

/**
 * Hold a folder for this process until disposed. The kernel frees the lock when the process ends, even by kill -9, so a
 * lock file that was left behind never blocks a later run. The folder is created where it is missing.
 *
 * @param folder The folder; a file `lock` in it carries the lock.
 * @returns Frees the folder when disposed: `using held = await lockFolder(folder)`.
 * @throws {LockedError} If another run, of this process or another, holds it.
 * @throws {InputOutputError} If the lock file cannot be opened.
 */
export async function lockFolder(folder: string): Promise<Disposable> {
  const file = await openLock(folder);
  if (!await file.tryLock(true)) {
    file.close();
    throw new LockedError(`Cannot lock ${folder} as no other run may use it: current value is in use`);
  }
  return {
    [Symbol.dispose](): void {
      file.close(); // which frees the lock
    },
  };
}

/**
 * Tell whether a run holds a folder at this moment.
 *
 * @param folder The folder; one that does not exist is not held.
 * @returns True while some process holds the lock of `lockFolder`.
 * @throws {InputOutputError} If the lock file cannot be opened.
 */
export async function isFolderLocked(folder: string): Promise<boolean> {
  try {
    using file = await Deno.open(join(folder, LOCK_FILE), { read: true });
    return !await file.tryLock(false); // shared: several may ask at once, also who may not write
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw inputOutputError("lock", folder, error);
  }
}

async function openLock(folder: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    return await Deno.open(join(folder, LOCK_FILE), { read: true, write: true, create: true });
  } catch (error) {
    throw inputOutputError("lock", folder, error);
  }
}
