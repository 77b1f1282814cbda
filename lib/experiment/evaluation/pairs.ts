import { type Raster, resizeBicubic } from "../../image/mod.ts";
import type { MeasuredPair } from "./measure_image.ts";
import { type NameAffixes, pairNames } from "./names.ts";
import { type ImageFolder, type ImageReader, imageReader, type OpenedImage, openFolder, unpaired } from "./sources.ts";

/** Folders that are measured image by image. */
export interface EvaluationSet {
  /** Results in the order given, the enlarged low-resolution images last. */
  readonly folders: readonly ImageFolder[];
  /** Null where none were given. */
  readonly truths: ImageFolder | null;
  /** The low-resolution images among the folders, null where none were given. */
  readonly low: ImageFolder | null;
  /** By how much they were enlarged so far. */
  readonly factors: ReadonlySet<number>;
  /** Names of the images of all results. */
  readonly images: readonly string[];
  /** Every file of results and truths. */
  readonly paths: readonly string[];
  readonly reader: ImageReader;
  /** One image of one folder with its truth; null where it has none or cannot be used, which is then a fault. */
  readPair(image: string, folder: ImageFolder): Promise<MeasuredPair | null>;
}

const BICUBIC = "bicubic";

/**
 * Lists folders of results, truths and low-resolution images, and what has no partner: among the truths, or where there
 * are none among the first results.
 *
 * @throws {DataError} If a folder does not exist, holds no image, or none that has a partner.
 */
export async function openSet(
  options: Partial<NameAffixes> & { readonly sr: readonly string[]; readonly hr?: string; readonly lr?: string },
): Promise<EvaluationSet> {
  const { sr, hr, lr, prefixes = [], suffixes = [] } = options;
  const truths = hr === undefined ? null : await openFolder(hr);
  const listed = await Promise.all([...sr, ...lr === undefined ? [] : [lr]].map(openFolder));
  if (lr !== undefined) listed.push({ ...listed.pop()!, name: BICUBIC });
  const folders: ImageFolder[] = [];
  for (const folder of distinct(listed)) {
    folders.push(pairNames(folder, truths ?? folders[0] ?? null, { prefixes, suffixes }));
  }
  const low = lr === undefined ? null : folders.at(-1)!, results = folders.slice(0, sr.length);
  const images = [...new Set(results.flatMap(({ files }) => [...files.keys()]))].sort();
  const reader = imageReader(), factors = new Set<number>();
  const [others, against] = truths ? [folders, truths] : [results.slice(1), results[0]];
  for (const folder of others) reader.faults.push(...unpaired(folder, against), ...unpaired(against, folder));
  let last: { readonly image: string; readonly hr: OpenedImage | null } | undefined;
  const truthOf = async (image: string): Promise<OpenedImage | null> => {
    if (last?.image !== image) {
      const path = truths?.files.get(image);
      last = { image, hr: path === undefined ? null : await reader.open(path) };
    }
    return last.hr;
  };
  return {
    folders,
    truths,
    low,
    factors,
    images,
    paths: [...results, ...truths ? [truths] : []].flatMap(({ files }) => [...files.values()]),
    reader,
    readPair: async (image, folder) => {
      const hr = await truthOf(image), path = folder.files.get(image);
      if (truths !== null && hr === null) return null; // left out, so that all metrics are over the same images
      const read = path === undefined ? null : await reader.open(path);
      const sr = read && fit(read, hr, folder === low ? factors : null, (reason) => reader.leaveOut(path!, reason));
      return sr && { sr, hr };
    },
  };
}

/** The result in the size of its truth; left out where it has another. `factors`: of images that are enlarged. */
function fit(
  image: OpenedImage,
  hr: OpenedImage | null,
  factors: Set<number> | null,
  leaveOut: (reason: string) => null,
): OpenedImage | null {
  if (hr === null) return image;
  const { width, height } = hr.raster, raster: Raster = image.raster;
  if (factors === null && raster.width === width && raster.height === height) return image;
  const scale = width / raster.width;
  if (factors !== null && Number.isInteger(scale) && scale > 1 && height === raster.height * scale) {
    factors.add(scale);
    return { raster: resizeBicubic(raster, scale, { uint8: true }), hash: `${image.hash} x${scale}` };
  }
  const rule = factors === null
    ? "it must have the size of its truth"
    : "the size of its truth must be a whole multiple, twice or more";
  return leaveOut(`${rule}: ${raster.width} x ${raster.height}, truth ${width} x ${height}`);
}

/** Folders of one name are told apart by a number. */
function distinct(folders: readonly ImageFolder[]): ImageFolder[] {
  return folders.map((folder, i) => {
    const before = folders.slice(0, i).filter(({ name }) => name === folder.name).length;
    return before === 0 ? folder : { ...folder, name: `${folder.name}#${before + 1}` };
  });
}
