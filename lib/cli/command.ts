import { AsasrError } from "../core/mod.ts";

/** Exit code of a second Ctrl-C, as shells count it. */
const INTERRUPTED_TWICE = 130;

/**
 * Runs a command to its exit code: errors become one line, the first Ctrl-C or SIGTERM a clean stop.
 *
 * @param main Gets a signal that is raised by the first Ctrl-C or SIGTERM; the second ends the process at once.
 */
export async function runCommand(main: (signal: AbortSignal) => Promise<void>): Promise<never> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) Deno.exit(INTERRUPTED_TWICE);
    controller.abort();
    console.error(
      "\nStopping after this step; the same command goes on from here. Press Ctrl-C again to stop at once.",
    );
  };
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  try {
    await main(controller.signal);
    Deno.exit(0);
  } catch (error) {
    console.error(`error: ${oneLine(error)}`);
    if (Deno.env.get("ASASR_DEBUG")) console.error(error);
    Deno.exit(error instanceof AsasrError ? error.exitCode : 1);
  }
}

function oneLine(error: unknown): string {
  if (error instanceof AsasrError) return error.message;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${message.split("\n")[0]} (a defect of this program: ASASR_DEBUG=1 shows where)`;
}
