import { fileURLToPath } from "node:url";
import { InputOutputError } from "../../core/mod.ts";

let source: string | undefined;

/**
 * Read the plotting library that a report carries inside, so that it works without a network.
 *
 * @returns JavaScript that may stand in a script element: nothing in it can end the element.
 * @throws {InputOutputError} If the package is not installed.
 */
export function plotlySource(): string {
  if (source !== undefined) return source;
  const path = fileURLToPath(import.meta.resolve("plotly.js-cartesian-dist-min"));
  try {
    const text = Deno.readTextFileSync(path);
    return source = text.replace(/<(?=\/script|!--)/gi, "\\x3c").replace(/[\u2028\u2029]/g, "");
  } catch (cause) {
    throw new InputOutputError(`Cannot read the plotting library as ${path} must exist: run "deno install"`, { cause });
  }
}
