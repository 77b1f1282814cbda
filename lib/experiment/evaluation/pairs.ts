import { type Raster, resizeBicubic } from "../../image/mod.ts";
import type { MeasuredPair } from "./measure_image.ts";
import { type ImageFolder, type ImageReader, imageReader, type OpenedImage, openFolder, unpaired } from "./sources.ts";

/** Folders that are measured image by image. */
export interface EvaluationSet {
  /** Results in the order given, the enlarged low-resolution images last. */
  readonly folders: readonly ImageFolder[];
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
 * @throws {DataError} If a folder does not exist or holds no image.
 */
export async function openSet(
  options: { readonly sr: readonly string[]; readonly hr?: string; readonly lr?: string },
): Promise<EvaluationSet> {
  const results = distinct(await Promise.all(options.sr.map(openFolder)));
  const truths = options.hr === undefined ? null : await openFolder(options.hr);
  const low = options.lr === undefined ? null : { ...await openFolder(options.lr), name: BICUBIC };
  const images = [...new Set(results.flatMap(({ files }) => [...files.keys()]))].sort();
  const reader = imageReader();
  const folders = low === null ? results : [...results, low];
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
    images,
    paths: [...results, ...truths ? [truths] : []].flatMap(({ files }) => [...files.values()]),
    reader,
    readPair: async (image, folder) => {
      const hr = await truthOf(image), path = folder.files.get(image);
      const read = path === undefined ? null : await reader.open(path);
      const sr = read && fit(read, hr, folder === low, (reason) => reader.leaveOut(path!, reason));
      return sr && { sr, hr };
    },
  };
}

/** The result in the size of its truth; left out where it has another. */
function fit(
  image: OpenedImage,
  hr: OpenedImage | null,
  enlarge: boolean,
  leaveOut: (reason: string) => null,
): OpenedImage | null {
  if (hr === null) return enlarge ? null : image;
  const { width, height } = hr.raster, raster: Raster = image.raster;
  if (!enlarge && raster.width === width && raster.height === height) return image;
  const scale = width / raster.width;
  if (enlarge && Number.isInteger(scale) && height === raster.height * scale) {
    return { raster: resizeBicubic(raster, scale, { uint8: true }), hash: `${image.hash} x${scale}` };
  }
  const rule = enlarge ? "the size of its truth must be a whole multiple" : "it must have the size of its truth";
  return leaveOut(`${rule}: ${raster.width} x ${raster.height}, truth ${width} x ${height}`);
}

/** Folders of one name are told apart by a number. */
function distinct(folders: readonly ImageFolder[]): ImageFolder[] {
  return folders.map((folder, i) => {
    const before = folders.slice(0, i).filter(({ name }) => name === folder.name).length;
    return before === 0 ? folder : { ...folder, name: `${folder.name}#${before + 1}` };
  });
}
