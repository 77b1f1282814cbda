import { statfsSync } from "node:fs";
import { join } from "node:path";
import { EngineError, InputOutputError, lockFolder, StoppedError, writeAtomic } from "../../core/mod.ts";
import { hasPeers, type PeerEnvironment, peerEnvironment, peerRequirements, PEERS_SOURCE } from "./environment.ts";
import { findPython } from "./python.ts";

/** Space that installing takes at its height; on Linux x86-64 PyTorch brings NVIDIA's libraries. */
const GIGABYTES = Deno.build.os === "linux" && Deno.build.arch === "x86_64" ? 9 : 3;

const check = `
import numpy, safetensors.torch, torch
assert float((torch.ones(2, 3) @ torch.ones(3, 2)).sum()) == 12
print(f"PyTorch {torch.__version__}, NumPy {numpy.__version__}")
`;

/** How to install the peers. */
export interface InstallOptions {
  /** By default the project's. */
  readonly environment?: PeerEnvironment;
  /** Commands that may be Python; by default `python3`, then `python`. */
  readonly pythons?: readonly string[];
  /** Free space asked for, in gigabytes. */
  readonly gigabytes?: number;
  /** Stops pip. */
  readonly signal?: AbortSignal;
  /** Takes a line about what happens. pip itself shows its progress on the terminal. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Install Python packages to compare with, or do nothing where they are installed.
 *
 * @returns One line that says what is installed.
 * @throws {EngineError} If there is no fitting Python, pip fails or the packages do not work.
 * @throws {InputOutputError} If the disk has too little space.
 * @throws {LockedError} If another process installs them.
 * @throws {StoppedError} If the signal stopped it.
 */
export async function installPeers(options: InstallOptions = {}): Promise<string> {
  const { environment = peerEnvironment(), onProgress = () => {}, signal } = options;
  const { folder, venv, python, marker } = environment;
  using _held = await lockFolder(folder);
  if (hasPeers(environment)) return (await runPython(python, ["-c", check], { quiet: true })).trim();
  requireSpace(folder, options.gigabytes ?? GIGABYTES);
  const source = await findPython(options.pythons);
  const temporary = join(folder, "tmp");
  try {
    onProgress(`Making a Python environment in ${folder}`);
    await runPython(source, ["-m", "venv", "--clear", venv], { signal, quiet: true });
    await Deno.mkdir(temporary, { recursive: true });
    onProgress("Installing PyTorch, NumPy and safetensors");
    await runPython(python, [...PIP, join(PEERS_SOURCE, "requirements.txt")], { signal, env: { TMPDIR: temporary } });
    onProgress("Checking them by a computed result");
    const line = await runPython(python, ["-c", check], { quiet: true, signal });
    await writeAtomic(marker, peerRequirements());
    return line.trim();
  } finally {
    await Deno.remove(temporary, { recursive: true }).catch(() => {}); // it may not exist
  }
}

// Without pip's cache the packages take their place on the disk once.
const PIP = ["-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "-r"];

interface RunOptions {
  readonly env?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** Return the output instead of showing it. */
  readonly quiet?: boolean;
}

async function runPython(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { env, signal, quiet } = options;
  const process = new Deno.Command(command, {
    args: [...args],
    env,
    signal,
    stdout: quiet ? "piped" : "inherit",
    stderr: "piped",
  }).spawn();
  const [{ success, code }, output, errors] = await Promise.all([
    process.status,
    quiet ? new Response(process.stdout).text() : "",
    new Response(process.stderr).text(),
  ]);
  if (signal?.aborted) throw new StoppedError("Stopped before the peers were installed: the same command starts again");
  if (success) return output;
  if (/No space left on device/.test(errors)) {
    throw new InputOutputError("Cannot install the peers as the disk must have space left: current value is none");
  }
  const reason = lastLine(errors) ?? lastLine(output) ?? `exit code ${code}`;
  throw new EngineError(`Cannot install the peers as python ${args[0]} ${args[1]} must succeed: ${reason}`);
}

function lastLine(text: string): string | undefined {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.findLast((line) => /^ERROR|Error:/.test(line)) ?? lines.at(-1);
}

function requireSpace(folder: string, gigabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize / 1e9;
  if (free < gigabytes) {
    throw new InputOutputError(
      `Cannot install the peers as they need ${gigabytes} GB of disk: current value is ${free.toFixed(1)} GB free`,
    );
  }
}
