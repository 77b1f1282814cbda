import { join } from "node:path";
import { isInstalled, type PythonEnvironment, pythonEnvironment } from "../python/mod.ts";

const root = join(import.meta.dirname!, "../../..");

/** Folder of the peers' scripts and their requirements. */
export const PEERS_SOURCE: string = join(root, "tests/peers");

/**
 * Name the places of the peers' environment: a Python with the packages of `tests/peers/requirements.txt`.
 *
 * @param folder Where it lies; by default `.peers` in the project.
 * @returns Paths, whether or not they exist.
 */
export function peerEnvironment(folder: string = join(root, ".peers")): PythonEnvironment {
  return pythonEnvironment(folder, join(PEERS_SOURCE, "requirements.txt"));
}

/**
 * Tell whether the peers are installed, as their requirements now stand.
 *
 * @param environment By default the project's.
 * @returns False also for an installation that was cut short.
 */
export function hasPeers(environment: PythonEnvironment = peerEnvironment()): boolean {
  return isInstalled(environment);
}
