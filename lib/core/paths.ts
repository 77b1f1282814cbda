import { dirname, join, relative, resolve, sep } from "node:path";
import { UsageError } from "./errors.ts";
import { inputOutputError } from "./files.ts";

const RUN_ID = /^[a-z0-9._-]+$/;

/**
 * Check the id of a run before it becomes the name of a folder.
 *
 * @param id Letters a to z, digits, dots, underscores and hyphens; not dots alone.
 * @returns The id.
 * @throws {UsageError} If it is anything else.
 */
export function checkRunId(id: string): string {
  if (!RUN_ID.test(id) || /^\.+$/.test(id)) {
    throw new UsageError(
      `Cannot name a run as its id must match ${RUN_ID.source}: current value is ${JSON.stringify(id)}`,
    );
  }
  return id;
}

/**
 * Resolve a path and check that it lies in a folder once every symbolic link on the way is followed. The path itself
 * need not exist.
 *
 * @param root The folder, which exists.
 * @param path Absolute, or relative to `root`.
 * @returns The real, absolute path.
 * @throws {UsageError} If it lies elsewhere.
 * @throws {InputOutputError} If the folder does not exist or cannot be read.
 */
export async function containedPath(root: string, path: string): Promise<string> {
  const [realRoot, real] = await realPaths(root, path).catch((error) => {
    throw inputOutputError("open", resolve(root, path), error);
  });
  const inside = relative(realRoot, real);
  if (inside === ".." || inside.startsWith(`..${sep}`) || resolve(realRoot, inside) !== real) {
    throw new UsageError(`Cannot use ${path} as it must lie in ${realRoot}: current value is ${real}`);
  }
  return real;
}

async function realPaths(root: string, path: string): Promise<[string, string]> {
  const realRoot = await Deno.realPath(root);
  return [realRoot, await realPathOf(resolve(realRoot, path))];
}

/** The real path of the deepest part that exists, with the rest appended. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const target = await Deno.readLink(path).catch(() => null); // a link to something that does not exist yet
  if (target !== null) return realPathOf(resolve(dirname(path), target));
  return join(await realPathOf(dirname(path)), relative(dirname(path), path));
}
