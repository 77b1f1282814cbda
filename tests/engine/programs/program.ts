import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "../../../lib/engine/child.ts";
import { installedLibrary, namedLibrary } from "../../../lib/engine/library.ts";

/** What the tasks of deno.json grant. */
const taskPermissions = ["-RWES", "--allow-ffi", "--allow-run"];

/** How a program ended. */
export interface Outcome {
  /** "exit code 0". */
  readonly ending: string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the project in a process of its own.
 *
 * @param path Path in the project, such as `lib/cli/setup.ts`.
 * @param env Variables besides those of this process; the library is the one that the tests use.
 * @param permissions Flags of `deno run`; those of the tasks by default.
 */
export async function runProgram(
  path: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  permissions: readonly string[] = taskPermissions,
): Promise<Outcome> {
  const script = fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const library = namedLibrary() ?? installedLibrary("cpu");
  const named: Record<string, string> = library ? { ASASR_TENSORFLOW_DIR: dirname(library.main) } : {};
  const result = await runChild(Deno.execPath(), ["run", ...permissions, script, ...args], {
    env: { ...named, ...env },
  });
  return { ending: result.ending, stdout: result.stdout.trim(), stderr: result.stderr.trim() };
}
