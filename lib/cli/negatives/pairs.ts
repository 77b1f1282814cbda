import { join, relative, resolve } from "node:path";
import type { CachedPair } from "../../adversary/mod.ts";
import { DataError, readBytes, sha256Hex, StoppedError } from "../../core/mod.ts";
import { checkRatio } from "../../dataset/mod.ts";
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
      pairs.push({ ...pair, sha256: { hr: sha256Hex(hr), lr: sha256Hex(lr) } });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(error.message);
    }
  }
  if (pairs.length === 0) throw new DataError(`Cannot make negatives as no pair can be used: ${problems.join("; ")}`);
  return pairs;
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
