import { basename, extname, relative, resolve } from "node:path";
import { AsasrError, DataError, readBytes, sha256Hex } from "../../core/mod.ts";
import { listImages } from "../../dataset/mod.ts";
import { decodeImage, type Raster } from "../../image/mod.ts";
import type { EvaluationFault } from "./evaluation.ts";

/** A folder of images by name. */
export interface ImageFolder {
  readonly name: string;
  /** As given. */
  readonly path: string;
  /** Path inside without ending, to the file. */
  readonly files: ReadonlyMap<string, string>;
}

/** An image and the hash of its file. */
export interface OpenedImage {
  readonly raster: Raster;
  readonly hash: string;
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
  return { name: basename(resolve(path)), path, files };
}

/** Reads images and keeps what was wrong or had to be converted, once a file. */
export interface ImageReader {
  readonly faults: EvaluationFault[];
  readonly notes: Set<string>;
  /** SHA-256 of every file that was read. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Null where the file cannot be used or was left out. */
  open(path: string): Promise<OpenedImage | null>;
  /** Leaves a file out from now on. */
  leaveOut(path: string, reason: string): null;
}

/** A reader with no faults yet. */
export function imageReader(): ImageReader {
  const faults: EvaluationFault[] = [], notes = new Set<string>(), out = new Set<string>();
  const hashes = new Map<string, string>();
  const leaveOut = (path: string, reason: string): null => {
    out.add(path);
    if (!faults.some(({ file }) => file === path)) faults.push({ file: path, reason }); // said once
    return null;
  };
  const open = async (path: string): Promise<OpenedImage | null> => {
    if (out.has(path)) return null;
    try {
      const bytes = await readBytes(path), { image, notes: found } = await decodeImage(bytes, path);
      for (const note of found) notes.add(`${path}: ${note}`);
      const hash = hashes.get(path) ?? sha256Hex(bytes);
      hashes.set(path, hash);
      return { raster: image, hash };
    } catch (error) {
      if (!(error instanceof AsasrError)) throw error;
      return leaveOut(path, error.message);
    }
  };
  return { faults, notes, hashes, open, leaveOut };
}

/** Faults of the images that one folder has and another has not. */
export function unpaired(folder: ImageFolder, other: ImageFolder): EvaluationFault[] {
  const lacking = [...folder.files].filter(([stem]) => !other.files.has(stem));
  return lacking.map(([, file]) => ({ file, reason: `${other.name} has no image of this name` }));
}
