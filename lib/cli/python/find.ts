import { EngineError } from "../../core/mod.ts";

/** Oldest Python for which the pinned packages have builds. */
const OLDEST = [3, 11];

const probe =
  "import sys, importlib.util as u; print(*sys.version_info[:2], *(int(bool(u.find_spec(m))) for m in ('venv', 'ensurepip', 'pip')))";

/** A Python that can make virtual environments. */
export interface Python {
  /** The command that starts it. */
  readonly command: string;
  /** Whether it can put pip into an environment; if not, its own pip installs into the environment from outside. */
  readonly hasEnsurepip: boolean;
}

/**
 * Find a Python that can make virtual environments and fill them.
 *
 * @param what What it is for, as it stands in the errors: "the peers".
 * @param names Commands to try, in order.
 * @returns The first command that is Python 3.11 or newer.
 * @throws {EngineError} If there is none, or it lacks venv or pip.
 */
export async function findPython(what: string, names: readonly string[] = ["python3", "python"]): Promise<Python> {
  const seen: string[] = [];
  for (const command of names) {
    const [major, minor, venv, ensurepip, pip] = await ask(command);
    if (major === undefined) continue;
    const version = `${major}.${minor}`;
    if (major !== OLDEST[0] || minor < OLDEST[1]) {
      seen.push(version);
      continue;
    }
    if (venv && (ensurepip || pip)) return { command, hasEnsurepip: Boolean(ensurepip) };
    throw new EngineError(
      `Cannot install ${what} as Python must have venv and pip (on Debian: apt install python3-venv): ` +
        `current value is ${command} ${version} without`,
    );
  }
  throw new EngineError(
    `Cannot install ${what} as Python ${OLDEST.join(".")} or newer must be there: current value is ${
      seen.join(", ") || `none found as ${names.join(" or ")}`
    }`,
  );
}

async function ask(command: string): Promise<number[]> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args: ["-c", probe], stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim().split(" ").map(Number) : [];
  } catch {
    return []; // no such command
  }
}
