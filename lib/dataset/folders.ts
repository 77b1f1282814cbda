import { basename, extname, join, relative, resolve } from "node:path";
import { AsasrError, DataError, inputOutputError, sha256Hex } from "../core/mod.ts";
import { decodeImage, readImage, readImageBytes } from "../image/mod.ts";
import type { SourceImage } from "./source_image.ts";

/** A file that is meant as an image. */
export interface ImageFile {
  /** Name of its folder and path inside, such as `kodak/01.png`. */
  readonly id: string;
  /** Where it lies. */
  readonly path: string;
}

/** Names that mean an image; whether one is, only its content tells. */
const IMAGE_NAMES = new Set(
  [".png", ".jpg", ".jpeg", ".jpe", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".avif", ".heic", ".jp2", ".ppm"],
);

/**
 * List the image files of folders and of the folders inside, sorted by name. Hidden files and files whose name does not
 * end as an image's are left out; a link to a file is followed, a link to a folder inside is not.
 *
 * @param folders At least one; a single file may stand for a folder.
 * @returns Their files. Where two folders have the same name, the ids of the second begin with `name#2`.
 * @throws {DataError} If there is no folder, one does not exist, or one holds no image.
 * @throws {InputOutputError} If a folder cannot be read.
 */
export async function listImages(folders: readonly string[]): Promise<ImageFile[]> {
  if (folders.length === 0) throw new DataError("Cannot list images as a folder is needed: current value is none");
  const labels = new Map<string, number>();
  const files: ImageFile[] = [];
  for (const folder of folders) {
    const name = basename(resolve(folder));
    const times = (labels.get(name) ?? 0) + 1;
    labels.set(name, times);
    const label = times === 1 ? name : `${name}#${times}`;
    for (const path of await pathsOf(folder)) {
      const inside = relative(folder, path).replaceAll("\\", "/");
      files.push({ id: inside === "" ? label : `${label}/${inside}`, path });
    }
  }
  return files;
}

async function pathsOf(folder: string): Promise<string[]> {
  const info = await Deno.stat(folder).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw inputOutputError("list images in", folder, error);
    throw new DataError(`Cannot list images in ${folder} as it must exist: current value is no such file or folder`);
  });
  if (!info.isDirectory) return [folder];
  const paths = (await walk(folder)).filter((path) => IMAGE_NAMES.has(extname(path).toLowerCase()));
  if (paths.length === 0) {
    throw new DataError(`Cannot list images in ${folder} as it must hold some: current value is 0 image files`);
  }
  return paths.sort();
}

async function walk(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch((error) => {
    throw inputOutputError("list images in", folder, error);
  });
  const paths: string[] = [];
  for (const { name, isDirectory } of entries) {
    if (name.startsWith(".")) continue;
    const path = join(folder, name);
    if (isDirectory) paths.push(...await walk(path));
    else paths.push(path);
  }
  return paths;
}

/** What {@link loadImages} requires and reports. */
export interface LoadOptions {
  /** Smallest side allowed, such as the side of a crop; 1 by default. */
  readonly minSize?: number;
  /** Fewest images allowed; 1 by default. */
  readonly minCount?: number;
  /** Called after every file. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Images of folders, every one of them sound. */
export interface LoadedImages {
  /** In the order of {@link listImages}, without second copies of a file. */
  readonly images: readonly SourceImage[];
  /** One line per conversion and per copy left out, beginning with the id. */
  readonly notes: readonly string[];
}

/**
 * Open the images of folders. Every file is decoded once to see that it is sound; its pixels are not kept.
 *
 * @param folders Folders or files.
 * @param options Requirements.
 * @returns The images, and what was converted.
 * @throws {DataError} If files cannot be used: one line that lists all of them, or if there are too few.
 */
export async function loadImages(folders: readonly string[], options: LoadOptions = {}): Promise<LoadedImages> {
  const { minSize = 1, minCount = 1, onProgress } = options;
  const files = await listImages(folders);
  const images: SourceImage[] = [], notes: string[] = [], faults: string[] = [];
  const known = new Map<string, string>();
  for (const [i, file] of files.entries()) {
    try {
      const image = await open(file, minSize);
      const copy = known.get(image.hash);
      if (copy === undefined) images.push(image);
      else notes.push(`${file.id}: the same file as ${copy}, left out`);
      known.set(image.hash, copy ?? file.id);
      notes.push(...image.notes.map((note) => `${file.id}: ${note}`));
    } catch (error) {
      if (!(error instanceof AsasrError)) throw error;
      faults.push(error.message);
    }
    onProgress?.(i + 1, files.length);
  }
  if (faults.length > 0) {
    throw new DataError(`Cannot use ${faults.length} of ${files.length} image files: ${faults.join("; ")}`);
  }
  if (images.length < minCount) {
    throw new DataError(
      `Cannot use ${folders.join(", ")} as at least ${minCount} images are needed: current value is ${images.length}`,
    );
  }
  return { images, notes };
}

async function open({ id, path }: ImageFile, minSize: number): Promise<SourceImage> {
  const bytes = await readImageBytes(path);
  const { image: { width, height }, notes } = await decodeImage(bytes, path);
  if (Math.min(width, height) < minSize) {
    throw new DataError(
      `Cannot read ${path} as it must be at least ${minSize} x ${minSize}: current value is ${width} x ${height}`,
    );
  }
  return { id, hash: sha256Hex(bytes), width, height, notes, read: async () => (await readImage(path)).image };
}
