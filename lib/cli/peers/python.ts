import { EngineError } from "../../core/mod.ts";

/** Oldest Python for which all pinned packages have builds. */
const OLDEST = [3, 11];

const probe =
  "import sys, importlib.util as u; print(*sys.version_info[:2], *map(bool, map(u.find_spec, ('venv', 'ensurepip'))))";

/**
 * Find a Python that can make virtual environments.
 *
 * @param names Commands to try, in order.
 * @returns The first command that is Python 3.11 or newer.
 * @throws {EngineError} If there is none, or it lacks its venv module.
 */
export async function findPython(names: readonly string[] = ["python3", "python"]): Promise<string> {
  const seen: string[] = [];
  for (const name of names) {
    const [major, minor, venv, pip] = await ask(name);
    if (major === undefined) continue;
    const version = `${major}.${minor}`;
    if (Number(major) !== OLDEST[0] || Number(minor) < OLDEST[1]) {
      seen.push(version);
      continue;
    }
    if (venv === "True" && pip === "True") return name;
    throw new EngineError(
      "Cannot install the peers as Python must have its venv module (on Debian: apt install python3-venv): " +
        `current value is ${name} ${version} without it`,
    );
  }
  throw new EngineError(
    `Cannot install the peers as they need Python ${OLDEST.join(".")} or newer: current value is ${
      seen.join(", ") || `none found as ${names.join(" or ")}`
    }`,
  );
}

async function ask(name: string): Promise<string[]> {
  try {
    const { success, stdout } = await new Deno.Command(name, { args: ["-c", probe], stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim().split(" ") : [];
  } catch {
    return []; // no such command
  }
}
