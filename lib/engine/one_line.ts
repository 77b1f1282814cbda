/** Control characters, ends of lines, and marks that turn the direction of writing. */
// deno-lint-ignore no-control-regex -- these are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Make a text fit for a line of a terminal: a name of a file may hold anything, also what moves the cursor.
 *
 * @param text Any.
 * @returns The text with every control character written as its number, `\u001b`.
 */
export function oneLine(text: string): string {
  return text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
