import { basename, dirname, join, resolve } from "node:path";
import { type Notebook, sourceOf } from "./document.ts";

/**
 * Write the code cells of a notebook as one source text, each under a comment that counts it as a reader does.
 *
 * @param notebook Executed or not.
 * @returns TypeScript that can be checked beside the notebook.
 */
export function cellsAsModule(notebook: Notebook): string {
  const cells = notebook.cells.map((cell, index) => ({ cell, number: index + 1 }));
  const code = cells.filter(({ cell }) => cell.cell_type === "code");
  return code.map(({ cell, number }) => `// cell ${number}\n${sourceOf(cell)}\n`).join("\n");
}

/**
 * Check the types of a notebook's cells: the kernel runs them unchecked, and a missing export is undefined there.
 *
 * @param path The notebook; for a moment a hidden module lies beside it, so that the same deno.json applies.
 * @returns What the compiler complains about; undefined if nothing.
 */
export async function typeCheckNotebook(path: string): Promise<string | undefined> {
  const notebook: Notebook = JSON.parse(await Deno.readTextFile(path));
  const module = join(dirname(resolve(path)), `.${basename(path, ".ipynb")}.check.ts`);
  try {
    await Deno.writeTextFile(module, cellsAsModule(notebook));
    const command = new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", module],
      cwd: dirname(module),
      env: { NO_COLOR: "1" },
      stdout: "null",
    });
    const { success, stderr } = await command.output();
    return success ? undefined : new TextDecoder().decode(stderr).trim();
  } finally {
    await Deno.remove(module).catch(() => {}); // it may never have been written
  }
}
