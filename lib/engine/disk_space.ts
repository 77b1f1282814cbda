import { statfsSync } from "node:fs";
import { EngineError } from "./errors.ts";

/**
 * Checks that the disk of a folder has room.
 *
 * @throws {EngineError} If it has less than `bytes` free.
 */
export function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  const [needed, free] = [bytes, bavail * bsize].map((amount) => (amount / 1e9).toFixed(1));
  throw new EngineError(
    `Cannot set up TensorFlow as ${folder} must have ${needed} GB free: current value is ${free} GB ` +
      "(ASASR_CACHE names another folder)",
  );
}
