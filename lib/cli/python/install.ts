import { readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { InputOutputError, lockFolder, writeAtomic } from "../../core/mod.ts";
import { isInstalled, type PythonEnvironment } from "./environment.ts";
import { findPython } from "./find.ts";
import { runPython } from "./run.ts";

/** How to install the packages of an environment. */
export interface InstallOptions {
  /** What they are, as it stands in messages: "the peers". */
  readonly what: string;
  /** Free space asked for, in gigabytes. */
  readonly gigabytes: number;
  /** Python source that fails unless the packages work, and prints one line about them. */
  readonly check: string;
  /** Commands that may be Python; by default `python3`, then `python`. */
  readonly pythons?: readonly string[];
  /** Stops pip. */
  readonly signal?: AbortSignal;
  /** Takes a line about what happens. pip itself shows its progress on the terminal. */
  readonly onProgress?: (line: string) => void;
}

// Without pip's cache the packages take their place on the disk once.
const INSTALL = ["install", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "-r"];

/**
 * Install pinned Python packages into an environment of their own, or do nothing where they are installed.
 *
 * @param environment Where.
 * @returns The line that `check` printed.
 * @throws {EngineError} If there is no fitting Python, pip fails or the packages do not work.
 * @throws {InputOutputError} If the disk has too little space.
 * @throws {LockedError} If another process installs them.
 * @throws {StoppedError} If the signal stopped it.
 */
export async function installPython(environment: PythonEnvironment, options: InstallOptions): Promise<string> {
  const { what, check, onProgress = () => {}, signal } = options;
  const { folder, venv, python, requirements, marker } = environment;
  const purpose = `install ${what}`;
  using _held = await lockFolder(folder);
  if (isInstalled(environment)) return (await runPython(python, ["-c", check], { purpose, quiet: true })).trim();
  requireSpace(folder, what, options.gigabytes);
  const source = await findPython(what, options.pythons);
  const temporary = join(folder, "tmp");
  try {
    onProgress(`Making a Python environment in ${folder}`);
    const bare = source.hasEnsurepip ? [] : ["--without-pip"];
    await runPython(source.command, ["-m", "venv", "--clear", ...bare, venv], { purpose, signal, quiet: true });
    await Deno.mkdir(temporary, { recursive: true });
    onProgress(`Installing ${what}`);
    const [pip, into] = source.hasEnsurepip ? [python, []] : [source.command, ["--python", python]];
    const args = ["-m", "pip", ...into, ...INSTALL, requirements];
    await runPython(pip, args, { purpose, signal, env: { TMPDIR: temporary } });
    onProgress(`Checking ${what}`);
    const line = await runPython(python, ["-c", check], { purpose, signal, quiet: true });
    await writeAtomic(marker, readFileSync(requirements, "utf8"));
    return line.trim();
  } finally {
    await Deno.remove(temporary, { recursive: true }).catch(() => {}); // it may not exist
  }
}

function requireSpace(folder: string, what: string, gigabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize / 1e9;
  if (free < gigabytes) {
    throw new InputOutputError(
      `Cannot install ${what} as they need ${gigabytes} GB of disk: current value is ${free.toFixed(1)} GB free`,
    );
  }
}
