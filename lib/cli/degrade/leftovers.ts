import { join } from "node:path";

/**
 * Lists results in a folder that the run which just ended did not make or keep: of images that are gone, or of more patches.
 * Whatever reads the folder, and not its manifest, takes them too.
 *
 * @param out Folder of the results.
 * @param names Results of the run.
 */
export async function leftovers(out: string, names: ReadonlySet<string>): Promise<string[]> {
  const found = await namesIn(join(out, "recipes"), "");
  return found.filter((name) => !names.has(name)).sort();
}

async function namesIn(folder: string, inside: string): Promise<string[]> {
  if (!await Deno.stat(folder).then(() => true, () => false)) return [];
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await namesIn(join(folder, name), `${inside}${name}/`));
    else if (name.endsWith(".json")) found.push(inside + name.slice(0, -".json".length));
  }
  return found;
}
