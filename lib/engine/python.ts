import { runChild } from "./child.ts";
import { EngineError } from "./errors.ts";

/**
 * Returns the command of a Python that has pip.
 *
 * @throws {EngineError} If there is none.
 */
export async function findPython(): Promise<string> {
  let withoutPip: string | undefined;
  for (const command of ["python3", "python"]) {
    try {
      if ((await runChild(command, ["-m", "pip", "--version"])).success) return command;
      // On some systems a stand-in of this name only advertises an installer.
      if ((await runChild(command, ["-c", "import zipfile"])).success) withoutPip ??= command;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  if (withoutPip !== undefined) {
    throw new EngineError(`Cannot set up TensorFlow as Python must have pip: ${withoutPip} -m pip does not run`);
  }
  throw new EngineError(
    "Cannot set up TensorFlow as Python with pip must be installed: neither python3 nor python runs",
  );
}
