import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname!, "../../..");

/** Folder of the peers' scripts and their requirements. */
export const PEERS_SOURCE: string = join(root, "tests/peers");

/** A Python with the packages of `tests/peers/requirements.txt`, in a folder of its own. */
export interface PeerEnvironment {
  /** Its Python. */
  readonly python: string;
  /** Holds the same text as the requirements once all of them are installed. */
  readonly marker: string;
  /** The virtual environment. */
  readonly venv: string;
  /** Folder of all of it. */
  readonly folder: string;
}

/**
 * Name the places of the peers' environment.
 *
 * @param folder Where it lies; by default `.peers` in the project.
 * @returns Paths, whether or not they exist.
 */
export function peerEnvironment(folder: string = join(root, ".peers")): PeerEnvironment {
  const venv = join(folder, "venv");
  const python = Deno.build.os === "windows" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
  return { folder, venv, python, marker: join(folder, "requirements.txt") };
}

/**
 * Read what the peers' environment must hold.
 *
 * @returns The text of `tests/peers/requirements.txt`.
 */
export function peerRequirements(): string {
  return readFileSync(join(PEERS_SOURCE, "requirements.txt"), "utf8");
}

/**
 * Tell whether the peers are installed, as their requirements now stand.
 *
 * @param environment By default the project's.
 * @returns False also for an installation that was cut short.
 */
export function hasPeers(environment: PeerEnvironment = peerEnvironment()): boolean {
  const { python, marker } = environment;
  return existsSync(python) && existsSync(marker) && readFileSync(marker, "utf8") === peerRequirements();
}
