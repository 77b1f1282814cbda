import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "./errors.ts";

/**
 * Find a file of a folder by its name: in it, or in a folder inside. Hidden folders and links to folders are left out.
 *
 * @param folder One that does not exist holds nothing.
 * @param name Of the file.
 * @returns Its path; undefined where there is none.
 * @throws {DataError} If several folders inside have one and the folder itself has none.
 */
export function findFile(folder: string, name: string): string | undefined {
  const own = join(folder, name);
  if (statSync(own, { throwIfNoEntry: false })?.isFile()) return own;
  const found = foldersIn(folder).flatMap((inner) => findFile(inner, name) ?? []);
  if (found.length <= 1) return found[0];
  throw new DataError(
    `Cannot find ${name} in ${folder} as it must be there once: current value is ${found.join(", ")}`,
  );
}

function foldersIn(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) =>
    join(folder, name)
  );
}
