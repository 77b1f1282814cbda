import { join } from "node:path";
import { EngineError } from "./errors.ts";

/**
 * Makes the folder and waits until no other process sets up in it.
 *
 * The system frees the lock when the process ends, however it ends.
 *
 * @param folder Folder that setup fills.
 * @param onProgress Is told if another process has to be waited for.
 * @returns Frees the lock when disposed.
 * @throws {EngineError} If the folder cannot be written.
 */
export async function lockSetup(folder: string, onProgress: (line: string) => void): Promise<Disposable> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    const file = await Deno.open(join(folder, "setup.lock"), { create: true, write: true });
    if (!await file.tryLock(true)) {
      onProgress("Waiting for another process that sets up TensorFlow");
      await file.lock(true);
    }
    return file;
  } catch (error) {
    throw new EngineError(`Cannot set up TensorFlow as ${folder} must be writable: ${(error as Error).message}`);
  }
}
