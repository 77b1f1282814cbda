import { AsasrError, contentHash, DataError, readBytes, sha256Hex } from "../../core/mod.ts";
import { checkRatio, type ImageSet } from "../../dataset/mod.ts";
import { decodeImage, type RasterSize, readImage } from "../../image/mod.ts";

/** An output of a restorer for the low-resolution image of a pair. */
export interface RestoredFile {
  /** Name of the restorer. */
  readonly restorer: string;
  /** Where it lies. */
  readonly path: string;
}

/** A pair of files whose sides and hashes are known. */
export interface PairFiles {
  /** Folder and key. */
  readonly id: string;
  /** File of the truth. */
  readonly hr: string;
  /** File of the low-resolution image. */
  readonly lr: string;
  /** Sides of the low-resolution image. */
  readonly sides: RasterSize;
  /** Outputs of restorers, of the size of the truth. */
  readonly restored: readonly RestoredFile[];
  /** Hash of the bytes of all files. */
  readonly hash: string;
}

/** Files of a pair that are not read yet. */
export type NamedPair = Pick<PairFiles, "id" | "hr" | "lr" | "restored">;

/** The pairs of a data set; entries that have but one side are left out. */
export function pairsOf(set: ImageSet, label: string): NamedPair[] {
  return set.entries.flatMap(({ id, hr, lr }) =>
    hr === null || lr === null ? [] : [{ id: `${label}/${id}`, hr, lr, restored: [] }]
  );
}

/**
 * Read pairs once: every file must decode, fit the others and be at least as large as a crop.
 *
 * @param size Side of a crop in HR pixels.
 * @param onProgress Called after every pair.
 * @throws {DataError} If files cannot be used: one line that lists all of them.
 */
export async function openPairs(
  pairs: readonly NamedPair[],
  size: number,
  onProgress: (done: number, total: number) => void,
): Promise<PairFiles[]> {
  const opened: PairFiles[] = [], faults: string[] = [];
  for (const [i, pair] of pairs.entries()) {
    try {
      opened.push(await open(pair, size));
    } catch (error) {
      if (!(error instanceof AsasrError)) throw error;
      faults.push(error.message);
    }
    onProgress(i + 1, pairs.length);
  }
  if (faults.length > 0) {
    throw new DataError(`Cannot use ${faults.length} of ${pairs.length} pairs: ${faults.join("; ")}`);
  }
  return opened;
}

async function open(pair: NamedPair, size: number): Promise<PairFiles> {
  const [hr, lr] = [await hashed(pair.hr), await hashed(pair.lr)];
  checkRatio("any", pair.id, hr, lr);
  if (Math.min(hr.width, hr.height) < size) {
    throw new DataError(
      `Cannot crop ${pair.id} as it must be at least ${size} x ${size}: current value is ${hr.width} x ${hr.height}`,
    );
  }
  const hashes = [hr.hash, lr.hash];
  for (const { path } of pair.restored) {
    const output = await hashed(path);
    if (output.width !== hr.width || output.height !== hr.height) {
      throw new DataError(
        `Cannot take ${path} as a negative as it must be ${hr.width} x ${hr.height}: ` +
          `current value is ${output.width} x ${output.height}`,
      );
    }
    hashes.push(output.hash);
  }
  return { ...pair, sides: { width: lr.width, height: lr.height }, hash: contentHash(hashes) };
}

async function hashed(path: string): Promise<RasterSize & { hash: string }> {
  const bytes = await readBytes(path);
  const { image: { width, height } } = await decodeImage(bytes, path);
  return { width, height, hash: sha256Hex(bytes) };
}

/** Reads one image of a pair. */
export async function readRaster(path: string) {
  return (await readImage(path)).image;
}
