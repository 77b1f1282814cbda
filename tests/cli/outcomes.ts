import { assert, assertEquals } from "@std/assert";
import { basename } from "node:path";
import { filesBelow, type Outcome } from "./process.ts";

/** Fails unless a command ended with this code and one line that says why, and that line is all of stderr. */
export function refused({ code, stdout, stderr }: Outcome, expected: number, reason: string): void {
  assertEquals(code, expected, stderr.join("\n"));
  assertEquals(stderr.length, 1, stderr.join("\n"));
  assert(stderr[0].startsWith("error: Cannot ") && stderr[0].includes(reason), stderr[0]);
  assert(!/^\s+at /m.test(stdout), stdout);
}

/** Fails if results, a finished stage or a file under way lie below a folder. */
export async function nothingHalfWritten(folder: string): Promise<void> {
  const written = (await filesBelow(folder)).map((path) => basename(path));
  assertEquals(written.filter((name) => /\.tmp$|^(results|stage|points)\.json$|^report\.html$/.test(name)), []);
}
