import { resolve } from "node:path";
import { AsasrError, DataError, readBytes, type Rng, rng, sha256Hex } from "../core/mod.ts";
import { checkRatio, collectPairs, type NamedPair, type PairSet, signedPixels } from "../dataset/mod.ts";
import { type Box, crop, decodeImage, type Raster, type RasterSize } from "../image/mod.ts";
import type { ArtifactSet } from "./artifacts.ts";
import type { CachedNegative, CachedPair, NegativesFile } from "./cached_file.ts";

/** How crops are cut out of cached negatives. */
export interface CachedCropOptions {
  /** Side of the HR crops, a multiple of 4. */
  readonly size: number;
  /** Crops wanted in all: every pair gives the same number, at least one. */
  readonly count: number;
  /** Seed of their places. */
  readonly seed: number;
  /** Called after every pair. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Crops of pairs with the outputs of restorers at the same places. */
export interface CachedCrops {
  /** Truth, low resolution and condition. */
  readonly pairs: PairSet;
  /** One set for each restorer, over these pairs. */
  readonly sets: readonly ArtifactSet[];
}

/** A crop with what restorers made of the image around it. */
interface CachedCrop extends NamedPair {
  /** By restorer, in [-1, 1]. */
  readonly outputs: ReadonlyMap<string, Float32Array>;
}

/**
 * Cut crops out of cached negatives: truth, low resolution and every restorer's output at one place, so that an artifact
 * belongs to the very image that it was made of. The restorers saw the whole image.
 *
 * @param folder Of `deno task negatives`.
 * @param file Its list, from `readNegatives`.
 * @param options Crops.
 * @returns Crops in [-1, 1]. The same files and options give the same bits.
 * @throws {DataError} If files are missing, changed or damaged, or an image is smaller than a crop: all are listed.
 */
export async function cropNegatives(
  folder: string,
  { pairs, negatives }: NegativesFile,
  options: CachedCropOptions,
): Promise<CachedCrops> {
  const outputs = Map.groupBy(negatives, ({ pair }) => pair);
  const used = pairs.filter(({ id }) => outputs.has(id));
  const each = Math.max(1, Math.round(options.count / used.length));
  const crops: CachedCrop[] = [], faults: string[] = [];
  for (const [index, pair] of used.entries()) {
    try {
      crops.push(...await cropPair(folder, pair, outputs.get(pair.id)!, { ...options, each }));
    } catch (error) {
      if (!(error instanceof AsasrError)) throw error;
      faults.push(error.message);
    }
    options.onProgress?.(index + 1, used.length);
  }
  if (faults.length > 0) {
    throw new DataError(`Cannot use ${faults.length} of ${used.length} cached pairs: ${faults.join("; ")}`);
  }
  const names = [...new Set(negatives.map(({ restorer }) => restorer))];
  return { pairs: collectPairs(crops), sets: names.map((name) => setOf(name, options.size, crops)) };
}

async function cropPair(
  folder: string,
  pair: CachedPair,
  negatives: readonly CachedNegative[],
  { size, seed, each }: CachedCropOptions & { readonly each: number },
): Promise<CachedCrop[]> {
  const hr = await open(resolve(folder, pair.hr), pair.sha256.hr);
  const lr = await open(resolve(folder, pair.lr), pair.sha256.lr);
  checkRatio("any", pair.id, hr, lr);
  if (Math.min(hr.width, hr.height) < size) {
    throw new DataError(
      `Cannot crop ${pair.id} as it must be at least ${size} x ${size}: current value is ${hr.width} x ${hr.height}`,
    );
  }
  const restored: [string, Raster][] = [];
  for (const { restorer, file, sha256 } of negatives) {
    restored.push([restorer, await open(resolve(folder, file), sha256, hr)]);
  }
  const key = parseInt(sha256Hex(pair.id).slice(0, 8), 16);
  return Array.from({ length: each }, (_, number) => {
    const box = drawBox(rng(seed, "negatives/crop", number, key), lr, size / 4);
    const inside: Box = { left: 4 * box.left, top: 4 * box.top, width: size, height: size };
    return {
      id: `${pair.id}#${number + 1}`,
      hr: crop(hr, inside),
      lr: crop(lr, box),
      outputs: new Map(restored.map(([name, image]) => [name, signedPixels(crop(image, inside))])),
    };
  });
}

function drawBox(random: Rng, { width, height }: RasterSize, side: number): Box {
  return { left: random.int(width - side + 1), top: random.int(height - side + 1), width: side, height: side };
}

async function open(path: string, sha256: string, size?: RasterSize): Promise<Raster> {
  const bytes = await readBytes(path), found = sha256Hex(bytes);
  if (found !== sha256) {
    throw new DataError(`Cannot use ${path} as it must be as it was listed, ${sha256}: current value is ${found}`);
  }
  const { image } = await decodeImage(bytes, path);
  if (size === undefined || (image.width === size.width && image.height === size.height)) return image;
  throw new DataError(
    `Cannot use ${path} as it must be ${size.width} x ${size.height}: current value is ${image.width} x ${image.height}`,
  );
}

function setOf(name: string, size: number, crops: readonly CachedCrop[]): ArtifactSet {
  const images = crops.flatMap(({ outputs }, index) => outputs.has(name) ? [index] : []);
  const values = size * size * 3, pixels = new Float32Array(images.length * values);
  images.forEach((image, row) => pixels.set(crops[image].outputs.get(name)!, row * values));
  return { name, images, size, pixels };
}
