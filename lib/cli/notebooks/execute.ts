import { basename, join } from "node:path";
import { readJson } from "../../core/mod.ts";
import { runPython } from "../python/mod.ts";
import type { Notebook } from "./document.ts";
import type { Jupyter } from "./jupyter.ts";

/** Longest time for one cell, in seconds. */
const CELL_TIMEOUT = 1200;

/**
 * Execute a notebook from its first cell to its last in Jupyter, on the Deno kernel, without a browser.
 *
 * @param jupyter Where it is installed.
 * @param path The notebook; it stays as it is.
 * @param signal Ends it.
 * @returns The notebook with the outputs of this run, those of failed cells included.
 * @throws {EngineError} If Jupyter itself fails.
 */
export async function executeNotebook(jupyter: Jupyter, path: string, signal?: AbortSignal): Promise<Notebook> {
  const folder = await Deno.makeTempDir({ prefix: "notebook-" });
  const options = {
    to: "notebook",
    "output-dir": folder,
    "ExecutePreprocessor.kernel_name": "deno",
    "ExecutePreprocessor.timeout": CELL_TIMEOUT,
    "log-level": "ERROR",
  };
  const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  try {
    await runPython(
      jupyter.python,
      ["-m", "nbconvert", path, "--execute", "--allow-errors", ...flags],
      { purpose: `execute ${basename(path)}`, env: jupyter.env, signal, quiet: true },
    );
    return await readJson(join(folder, basename(path))) as unknown as Notebook;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
