/** An output of a code cell, as far as it is read here. */
export interface Output {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly ename?: string;
  readonly evalue?: string;
  readonly [key: string]: unknown;
}

/** A cell of a notebook. */
export interface Cell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly source: string | readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Of code cells only. */
  readonly outputs?: readonly Output[];
  readonly [key: string]: unknown;
}

/** A notebook: the JSON of an .ipynb file of format 4. */
export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** The text of a cell. */
export function sourceOf(cell: Cell): string {
  return [cell.source].flat().join("");
}

/**
 * Say what went wrong in an executed notebook.
 *
 * @param notebook With the outputs of its last run.
 * @returns One line for each code cell that failed or shows nothing; cells are counted from 1, as a reader sees them.
 */
export function problemsOf(notebook: Notebook): string[] {
  return notebook.cells.flatMap((cell, index) => {
    if (cell.cell_type !== "code") return [];
    const error = cell.outputs?.find((output) => output.output_type === "error");
    if (error) return [`cell ${index + 1}: ${error.ename}: ${(error.evalue ?? "").split("\n")[0]}`];
    return cell.outputs?.length ? [] : [`cell ${index + 1} shows nothing`];
  });
}

/**
 * Make an executed notebook fit to be committed: without times, rates and execution settings, with paths from the project's
 * folder, so that running it again changes nothing but results.
 *
 * @param notebook With the outputs of its last run.
 * @param root The project's folder, which outputs may mention.
 * @returns A new notebook.
 */
export function publishable(notebook: Notebook, root: string): Notebook {
  let count = 0;
  const cells = notebook.cells.map((cell) => {
    const metadata = { ...cell.metadata };
    delete metadata.execution;
    return cell.cell_type === "code" ? { ...cell, metadata, ...numbered(cell, ++count) } : { ...cell, metadata };
  });
  const text = JSON.stringify(cells).replaceAll(`file://${root}`, ".").replaceAll(root, ".").replaceAll(RATE, "");
  return { ...notebook, cells: JSON.parse(text), metadata: { kernelspec: KERNEL, language_info: LANGUAGE } };
}

function numbered(cell: Cell, count: number): Partial<Cell> {
  const outputs = cell.outputs?.map((output) =>
    "execution_count" in output ? { ...output, execution_count: count } : output
  );
  return { execution_count: count, outputs };
}

/** The rate in a line of progress: "  12.5/s". */
const RATE = / {2}[\d.e+-]+\/s\b/g;
const KERNEL = { display_name: "Deno", language: "typescript", name: "deno" };
const LANGUAGE = { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript" };

/** The text of an .ipynb file, laid out as Jupyter does. */
export function encodeNotebook(notebook: Notebook): string {
  return JSON.stringify(notebook, null, 1) + "\n";
}
