import { basename, join } from "node:path";
import { formatDuration, UsageError, writeAtomic } from "../../core/mod.ts";
import { encodeNotebook, problemsOf, publishable } from "./document.ts";
import { executeNotebook } from "./execute.ts";
import { type Jupyter, NOTEBOOKS } from "./jupyter.ts";
import { typeCheckNotebook } from "./type_check.ts";

/** Which notebooks to run and what to keep. */
export interface RunNotebooksOptions {
  /** Names without `.ipynb`; by default all. */
  readonly only?: readonly string[];
  /** Write the outputs of notebooks without problems back into their files. */
  readonly save: boolean;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Takes a line about what happens. */
  readonly onProgress: (line: string) => void;
}

/**
 * Execute and type-check notebooks.
 *
 * @param jupyter Where it is installed.
 * @returns How many passed and failed. A notebook fails if a cell throws or shows nothing, or its types do not fit.
 * @throws {UsageError} If a named notebook does not exist.
 */
export async function runNotebooks(
  jupyter: Jupyter,
  options: RunNotebooksOptions,
): Promise<{ passed: number; failed: number }> {
  const { save, signal, onProgress } = options;
  const counts = { passed: 0, failed: 0 };
  for (const name of await chosenNotebooks(options.only)) {
    onProgress(`${name}: running`);
    const start = performance.now(), path = join(NOTEBOOKS, `${name}.ipynb`);
    const types = await typeCheckNotebook(path);
    const executed = await executeNotebook(jupyter, path, signal);
    const problems = [...problemsOf(executed), ...(types ? [types] : [])];
    const seconds = formatDuration((performance.now() - start) / 1000);
    counts[problems.length ? "failed" : "passed"]++;
    onProgress(`${name}: ${problems.length ? "failed" : "passed"} (${seconds})`);
    problems.forEach((problem) => onProgress(`  ${problem.replaceAll("\n", "\n  ")}`));
    if (save && !problems.length) await writeAtomic(path, encodeNotebook(publishable(executed, projectRoot())));
  }
  return counts;
}

async function chosenNotebooks(only: readonly string[] | undefined): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(NOTEBOOKS));
  const names = entries.map(({ name }) => name).filter((name) => name.endsWith(".ipynb") && !name.startsWith("."));
  const all = names.map((name) => basename(name, ".ipynb")).sort();
  const unknown = only?.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`Cannot run a notebook as it must be one of ${all.join(", ")}: current value is ${unknown}`);
  }
  return all.filter((name) => !only || only.includes(name));
}

function projectRoot(): string {
  return join(NOTEBOOKS, "..");
}
