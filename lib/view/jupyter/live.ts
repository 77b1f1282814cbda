import { type Displayable, displaySymbol, type MediaBundle } from "./displayable.ts";
import { kernel, type NotebookKernel, settle } from "./kernel.ts";

/** An output of a notebook cell that changes in place. */
export interface LiveDisplay {
  /** Replace what the output shows; in a terminal, print its text. */
  readonly update: (value: Displayable | MediaBundle) => Promise<void>;
}

let displays = 0;

/**
 * Open an output that is replaced by every update, for pictures that change while something trains.
 *
 * @param where The kernel to show it in; that of this notebook by default.
 */
export function liveDisplay(where: NotebookKernel | undefined = kernel()): LiveDisplay {
  const display_id = `asasr-live-${++displays}-${crypto.randomUUID()}`;
  let shown = false;
  return {
    async update(value) {
      const bundle = displaySymbol in value ? await (value as Displayable)[displaySymbol]() : value;
      if (!where) return console.log(bundle["text/plain"]);
      await where.display(bundle, { raw: true, display_id, update: shown });
      shown = true;
      await settle();
    },
  };
}
