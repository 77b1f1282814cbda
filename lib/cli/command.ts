import { AsasrError, InputOutputError, inputOutputError, StoppedError } from "../core/mod.ts";

/** Exit code of a second Ctrl-C, as shells count it. */
const INTERRUPTED_TWICE = 130;
/**
 * Milliseconds after the first signal in which others are the same one: a terminal sends Ctrl-C to the whole group of
 * processes, and `deno task`, which is one of them, passes it on.
 */
const SAME_SIGNAL = 1000;
/** Exit code of a defect. */
const DEFECT = 1;

/**
 * Runs a command to its exit code: errors become one line, the first Ctrl-C or SIGTERM a clean stop.
 *
 * @param main Gets a signal that is raised by the first Ctrl-C or SIGTERM; the second, a second later or more,
 * ends the process at once.
 * @param stopping What the first says; a training ends its step.
 */
export async function runCommand(
  main: (signal: AbortSignal) => Promise<void>,
  stopping = "Stopping after this step. Press Ctrl-C again to stop at once.",
): Promise<never> {
  const controller = new AbortController();
  let first = 0;
  const stop = () => {
    if (controller.signal.aborted) {
      if (performance.now() - first >= SAME_SIGNAL) Deno.exit(INTERRUPTED_TWICE);
      return;
    }
    first = performance.now();
    controller.abort();
    const newLine = Deno.stderr.isTerminal() ? "\n" : ""; // after a line of progress, or the ^C of the terminal
    console.error(`${newLine}${stopping}`);
  };
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  try {
    await main(controller.signal);
  } catch (error) {
    fail(error);
  }
  Deno.exit(0);
}

/** Says what ended the command, in one line, and ends it with the exit code of the error. */
function fail(error: unknown): never {
  const { line, exitCode } = describe(error);
  console.error(line);
  if (Deno.env.get("ASASR_DEBUG")) console.error(error);
  Deno.exit(exitCode);
}

function describe(error: unknown): { line: string; exitCode: number } {
  if (error instanceof StoppedError) return { line: error.message, exitCode: error.exitCode };
  if (error instanceof AsasrError) return { line: `error: ${error.message}`, exitCode: error.exitCode };
  const [message] = (error instanceof Error ? error.message : String(error)).split("\n");
  const system = inputOutputError("go on", "", error);
  if (system instanceof InputOutputError) return { line: `error: ${message}`, exitCode: system.exitCode };
  const name = error instanceof Error ? `${error.name}: ` : "";
  return {
    line: `error: ${name}${message} (a defect of this program: ASASR_DEBUG=1 shows where)`,
    exitCode: DEFECT,
  };
}
