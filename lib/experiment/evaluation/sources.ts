import { basename, extname, relative, resolve } from "node:path";
import { AsasrError, DataError, readBytes, sha256Hex } from "../../core/mod.ts";
import { listImages } from "../../dataset/mod.ts";
import { decodeImage, type Raster } from "../../image/mod.ts";
import type { EvaluationFault } from "./evaluation.ts";

/** A folder of images by name. */
export interface ImageFolder {
  readonly name: string;
  /** Path inside without ending, to the file. */
  readonly files: ReadonlyMap<string, string>;
}

/** An image and the hash of its file. */
export interface OpenedImage {
  readonly raster: Raster;
  readonly hash: string;
  readonly notes: readonly string[];
}

/**
 * Lists a folder; files pair by their path inside it without the ending.
 *
 * @throws {DataError} If it does not exist, is empty, or two files differ by their ending alone.
 */
export async function openFolder(path: string): Promise<ImageFolder> {
  const files = new Map<string, string>();
  for (const file of await listImages([path])) {
    const inside = relative(path, file.path).replaceAll("\\", "/");
    const stem = inside.slice(0, inside.length - extname(inside).length);
    const twin = files.get(stem);
    if (twin !== undefined) {
      throw new DataError(`Cannot pair the images of ${path} as names must differ by more than their ending: ${twin}`);
    }
    files.set(stem, file.path);
  }
  return { name: basename(resolve(path)), files };
}

/** Reads an image; a file that cannot be used becomes a fault. */
export async function openImage(path: string, faults: EvaluationFault[]): Promise<OpenedImage | null> {
  try {
    const bytes = await readBytes(path), { image, notes } = await decodeImage(bytes, path);
    return { raster: image, hash: sha256Hex(bytes), notes: notes.map((note) => `${path}: ${note}`) };
  } catch (error) {
    if (!(error instanceof AsasrError)) throw error;
    faults.push({ file: path, reason: error.message });
    return null;
  }
}

/** Faults of the images that one folder has and another has not. */
export function unpaired(folder: ImageFolder, other: ImageFolder): EvaluationFault[] {
  const lacking = [...folder.files].filter(([stem]) => !other.files.has(stem));
  return lacking.map(([, file]) => ({ file, reason: `${other.name} has no image of this name` }));
}
