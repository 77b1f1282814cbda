import { basename, extname } from "node:path";
import type { CachedPair } from "../../adversary/mod.ts";
import { DataError, readBytes, sha256Hex } from "../../core/mod.ts";
import { listImages } from "../../dataset/mod.ts";
import { type Raster, readImage } from "../../image/mod.ts";
import { checkOutputs, openRestorer, publishedSystems, restoreImage } from "../../restorers/mod.ts";
import type { NamedOutputs } from "./outputs.ts";

/** What makers need of a pair. */
export type NegativeInput = Pick<CachedPair, "id" | "name" | "lr">;

/** Something that makes a negative of a pair. */
export interface NegativeMaker extends Disposable {
  /** Name of its folder. */
  readonly name: string;
  /** Changes whenever its outputs would. */
  readonly hash: string;
  /** Makes the output of one image; null where a folder has none. A DataError where the image is not fit for it. */
  readonly make: (pair: NegativeInput, lr: Raster, signal: AbortSignal) => Promise<Raster | null>;
}

/**
 * Opens a restorer of the project, by a name of `restorerNames` or as a blend.
 *
 * @throws {UsageError} If the name is unknown.
 * @throws {InputOutputError} If its file is missing.
 */
export async function openMaker(text: string, weights: string): Promise<NegativeMaker> {
  const restorer = await openRestorer(text, weights), { name, hash, minSide } = restorer;
  const make: NegativeMaker["make"] = async ({ lr: path }, lr, signal) => {
    const side = Math.min(lr.width, lr.height);
    if (side < minSide) {
      throw new DataError(
        `Cannot run ${name} on ${path} as its sides must be at least ${minSide}: current value is ${side}`,
      );
    }
    return await restoreImage(restorer.traced, lr, { context: restorer.context, exact: restorer.exactTiles, signal });
  };
  return { name, hash, make, [Symbol.dispose]: () => restorer[Symbol.dispose]() };
}

/**
 * Takes the outputs of any other system from a folder.
 *
 * @param onProblem Called with every output that is missing or cannot be used.
 */
export async function openFolder(
  { name, folder }: NamedOutputs,
  pairs: readonly NegativeInput[],
  onProblem: (text: string) => void,
): Promise<NegativeMaker> {
  const suffixes = Object.entries(publishedSystems).find(([known]) => known === name)?.[1].suffixes ?? [];
  const names = await outputNames(folder, pairs, suffixes);
  const nameOf = (pair: NegativeInput) => names.get(pair.id)!;
  const inputs = [];
  for (const pair of pairs) {
    const { image: { width, height } } = await readImage(pair.lr);
    inputs.push({ name: nameOf(pair), width, height });
  }
  const { files, missing, faults } = await checkOutputs(folder, inputs, suffixes);
  for (const fault of faults) onProblem(fault);
  if (missing.length > 0) {
    onProblem(
      `${name} has no output of ${missing.length} images, such as ${missing[0]} (--export writes what it needs, ` +
        `--systems says how it is run)`,
    );
  }
  const hashes = [];
  for (const path of files.values()) hashes.push(sha256Hex(await readBytes(path)));
  return {
    name,
    hash: sha256Hex(hashes.join()),
    make: async (pair) => {
      const path = files.get(nameOf(pair));
      return path === undefined ? null : (await readImage(path)).image;
    },
    [Symbol.dispose]: () => {},
  };
}

/**
 * Names under which a folder may have outputs: those that `--export` writes, or those of the low-resolution files, which
 * must then differ.
 */
async function outputNames(
  folder: string,
  pairs: readonly NegativeInput[],
  suffixes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const there = new Set((await listImages([folder])).map(({ path }) => stem(path)));
  const has = (name: string) => ["", ...suffixes].some((suffix) => there.has(name + suffix));
  const plain = pairs.map(({ lr }) => stem(lr));
  const clear = new Set(plain).size === plain.length;
  return new Map(pairs.map(({ id, name }, i) => [id, clear && !has(name) ? plain[i] : name]));
}

function stem(path: string): string {
  return basename(path, extname(path));
}
