import { type Displayable, displaySymbol, isDisplayable } from "./displayable.ts";
import { kernel, settle } from "./kernel.ts";

/**
 * Show values in a notebook, each as its own output; in a terminal they are printed.
 *
 * Awaited as the last line of a cell, so that no output is lost: the kernel may otherwise finish the cell first.
 *
 * @param values Figures, pictures, tables, or anything that `console.log` prints.
 */
export async function show(...values: readonly unknown[]): Promise<void> {
  for (const value of values) {
    if (isDisplayable(value)) await display(value);
    else console.log(value);
  }
  await settle();
}

async function display(value: Displayable): Promise<void> {
  const bundle = await value[displaySymbol](), here = kernel();
  if (here) await here.display(bundle, { raw: true });
  else console.log(bundle["text/plain"]);
}
