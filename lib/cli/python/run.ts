import { EngineError, InputOutputError, StoppedError } from "../../core/mod.ts";

/** How to run Python. */
export interface RunPythonOptions {
  /** What it is for, as it stands in the errors: "install the peers". */
  readonly purpose: string;
  /** Added to the environment variables. */
  readonly env?: Record<string, string>;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Return the output instead of showing it. */
  readonly quiet?: boolean;
}

/**
 * Run Python to its end.
 *
 * @param command The Python to start.
 * @param args Its arguments.
 * @returns What it wrote to standard output if `quiet`, else nothing.
 * @throws {EngineError} If it fails; the message holds its last line about it.
 * @throws {InputOutputError} If it fails as the disk is full.
 * @throws {StoppedError} If the signal ended it.
 */
export async function runPython(command: string, args: readonly string[], options: RunPythonOptions): Promise<string> {
  const { purpose, env, signal, quiet } = options;
  const process = new Deno.Command(command, {
    args: [...args],
    env,
    signal,
    stdin: "null",
    stdout: quiet ? "piped" : "inherit",
    stderr: "piped",
  }).spawn();
  const [{ success, code }, output, errors] = await Promise.all([
    process.status,
    quiet ? new Response(process.stdout).text() : "",
    new Response(process.stderr).text(),
  ]);
  if (signal?.aborted) throw new StoppedError(`Stopped before the end (${purpose}): the same command starts again`);
  if (success) return output;
  if (/No space left on device/.test(errors)) {
    throw new InputOutputError(`Cannot ${purpose} as the disk must have space left: current value is none`);
  }
  const reason = lastLine(errors) ?? lastLine(output) ?? `exit code ${code}`;
  throw new EngineError(`Cannot ${purpose} as python ${args[0]} ${args[1]} must succeed: ${reason}`);
}

function lastLine(text: string): string | undefined {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.findLast((line) => /^ERROR|Error:/.test(line)) ?? lines.at(-1);
}
