import { join, relative, resolve } from "node:path";
import type { CachedPair } from "../../adversary/mod.ts";
import { AsasrError, DataError, readBytes, sha256Hex, StoppedError } from "../../core/mod.ts";
import { checkRatio, readRecord } from "../../dataset/mod.ts";
import { decodeImage, readImage, writePng } from "../../image/mod.ts";
import type { ChosenPair } from "./choose.ts";

/**
 * Decodes both files of every pair and hashes them; pairs that cannot be used are left out.
 *
 * @param problems Gets a sentence for each pair that is left out.
 * @throws {StoppedError} If the signal was raised.
 * @throws {DataError} If none is left.
 */
export async function soundPairs(
  chosen: readonly ChosenPair[],
  problems: string[],
  signal: AbortSignal,
): Promise<CachedPair[]> {
  const pairs: CachedPair[] = [];
  for (const [index, pair] of chosen.entries()) {
    if (signal.aborted) throw new StoppedError(`Stopped after checking ${index} of ${chosen.length} pairs`);
    try {
      const hr = await readBytes(pair.hr), lr = await readBytes(pair.lr);
      const truth = (await decodeImage(hr, pair.hr)).image, low = (await decodeImage(lr, pair.lr)).image;
      checkRatio("any", pair.id, truth, low);
      const { recipe, ...facts } = pair, sha256 = { hr: sha256Hex(hr), lr: sha256Hex(lr) };
      pairs.push({ ...facts, sha256, source: recipe === null ? sha256.hr : await sourceIn(recipe, pair, sha256.hr) });
    } catch (error) {
      if (!(error instanceof AsasrError)) throw error;
      problems.push(error.message);
    }
  }
  if (pairs.length === 0) throw new DataError(`Cannot make negatives as no pair can be used: ${problems.join("; ")}`);
  return pairs;
}

/** The photograph that a truth was cut from, as `deno task degrade` noted it. */
async function sourceIn(recipe: string, { id }: ChosenPair, hr: string): Promise<string> {
  const { pair, sha256 } = await readRecord(recipe);
  if (sha256.hr === hr) return pair.hash;
  throw new DataError(`Cannot use ${id} as its truth must be as ${recipe} says, ${sha256.hr}: current value is ${hr}`);
}

/** Writes the low-resolution image of every pair as `NAME.png`, for systems that are not part of the project. */
export async function exportPairs(pairs: readonly CachedPair[], folder: string): Promise<void> {
  for (const { name, lr } of pairs) await writePng(join(folder, `${name}.png`), (await readImage(lr)).image);
  console.log(`${folder}: ${pairs.length} low-resolution images`);
}

/** Path of a file as seen from a folder, with slashes: both may move together. */
export function relativePath(folder: string, path: string): string {
  return relative(resolve(folder), resolve(path)).replaceAll("\\", "/");
}
