import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A folder that holds a Python of its own with pinned packages. */
export interface PythonEnvironment {
  /** Folder of all of it. */
  readonly folder: string;
  /** The virtual environment in it. */
  readonly venv: string;
  /** Its Python. */
  readonly python: string;
  /** The pinned packages: a requirements file of pip. */
  readonly requirements: string;
  /** Holds the same text as the requirements once all of them are installed. */
  readonly marker: string;
}

/**
 * Name the places of a Python environment.
 *
 * @param folder Where it lies.
 * @param requirements The requirements file.
 * @returns Paths, whether or not they exist.
 */
export function pythonEnvironment(folder: string, requirements: string): PythonEnvironment {
  const venv = join(folder, "venv");
  const python = Deno.build.os === "windows" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
  return { folder, venv, python, requirements, marker: join(folder, "requirements.txt") };
}

/**
 * Tell whether the packages are installed, as the requirements now stand.
 *
 * @param environment By name.
 * @returns False also for an installation that was cut short.
 */
export function isInstalled({ python, marker, requirements }: PythonEnvironment): boolean {
  return existsSync(python) && existsSync(marker) &&
    readFileSync(marker, "utf8") === readFileSync(requirements, "utf8");
}
