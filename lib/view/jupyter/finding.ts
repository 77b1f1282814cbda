import { escapeMarkup } from "../markup.ts";
import { type Displayable, displayable } from "./displayable.ts";

/**
 * State what a notebook has found, and fail where it has not.
 *
 * @param statement One sentence, true if `holds`.
 * @param holds What the numbers say.
 * @returns The statement, to be shown.
 * @throws {Error} If it does not hold.
 */
export function finding(statement: string, holds: boolean): { readonly statement: string } & Displayable {
  if (!holds) throw new Error(`Cannot state the finding as its numbers must bear it out: "${statement}" does not hold`);
  return displayable({ statement }, () => ({
    "text/html": `<div style="font:14px system-ui,sans-serif;border-left:4px solid #15803d;padding:2px 10px">` +
      `✓ ${escapeMarkup(statement)}</div>`,
    "text/plain": `Holds: ${statement}`,
  }));
}
