import { DataError } from "../../core/mod.ts";
import {
  type Box,
  crop,
  type Raster,
  type RasterSize,
  readImage,
  repeatPixels,
  resizeBicubic,
} from "../../image/mod.ts";
import { type ImageFolder, openFolder } from "../evaluation/sources.ts";
import { cropOverlay, EMPTY_OVERLAY, joinOverlays, type Overlay, type OverlaySource } from "./overlay.ts";

/** A column of a comparison. */
export interface ComparisonFolder {
  /** Written below its images. */
  readonly name: string;
  /** Folder of images, paired by name. */
  readonly path: string;
  /** What is drawn on them, in order. */
  readonly overlays?: readonly OverlaySource[];
}

/** A crop of one image, as one folder has it. */
export interface ComparisonCell {
  /** Of the folder. */
  readonly name: string;
  /** The crop, in pixels of the reference. */
  readonly image: Raster;
  /** What is drawn on it, in the same pixels. */
  readonly overlay: Overlay;
}

/** One crop of one image in all folders. */
export interface ComparisonRow {
  /** Name of the image. */
  readonly name: string;
  /** The whole image, in pixels of the reference. */
  readonly whole: Raster;
  /** Where the crop lies in it. */
  readonly box: Box;
  /** In the order of the folders. */
  readonly cells: readonly ComparisonCell[];
}

/** What is asked of one image: a crop in pixels of the reference, or all of it. */
export interface CropRequest {
  /** Name inside the folders, without ending. */
  readonly image: string;
  /** Null for the whole image. */
  readonly box: Box | null;
}

/**
 * Read the same crops from any number of folders (Figs. 1, 5, 9 to 13).
 *
 * The last folder is the reference, such as the truths: its pixels count, and it is shown whole. Images of another size, such as
 * the low-quality ones, are enlarged to it first, so that a crop shows the same place everywhere.
 *
 * @param options.enlarge `nearest` repeats pixels, `bicubic` is MATLAB's.
 * @throws {DataError} If a folder lacks an image, a side is no whole fraction of the reference's, or a crop leaves it.
 */
export async function readComparison(
  folders: readonly ComparisonFolder[],
  requests: readonly CropRequest[],
  options: { readonly enlarge?: "nearest" | "bicubic" } = {},
): Promise<ComparisonRow[]> {
  const opened = await Promise.all(folders.map(async (folder) => ({ ...folder, ...await listed(folder) })));
  const reference = opened.at(-1)!, rows: ComparisonRow[] = [];
  for (const { image, box: asked } of requests) {
    const whole = await read(reference, image), box = asked ?? { left: 0, top: 0, ...sidesOf(whole) };
    checkBox(image, whole, box);
    const cells: ComparisonCell[] = [];
    for (const folder of opened) {
      const own = fitted(await read(folder, image), whole, options.enlarge ?? "nearest", `${image} of ${folder.path}`);
      let overlay = EMPTY_OVERLAY;
      for (const source of folder.overlays ?? []) overlay = joinOverlays(overlay, await source(image, sidesOf(whole)));
      cells.push({ name: folder.name, image: crop(own, box), overlay: cropOverlay(overlay, whole, box) });
    }
    rows.push({ name: image, whole, box, cells });
  }
  return rows;
}

async function listed({ path }: ComparisonFolder): Promise<Pick<ImageFolder, "files">> {
  return { files: (await openFolder(path)).files };
}

async function read(
  { path, files }: { readonly path: string; readonly files: ImageFolder["files"] },
  image: string,
): Promise<Raster> {
  const file = files.get(image);
  if (file !== undefined) return (await readImage(file)).image;
  const names = [...files.keys()], some = names.slice(0, 3).join(", ") + (names.length > 3 ? " and so on" : "");
  throw new DataError(`Cannot compare ${image} as every folder must have it: ${path} has ${some}, but not it`);
}

function fitted(image: Raster, { width, height }: RasterSize, enlarge: "nearest" | "bicubic", name: string): Raster {
  if (image.width === width && image.height === height) return image;
  const factor = width / image.width;
  if (!Number.isInteger(factor) || height !== image.height * factor) {
    throw new DataError(
      `Cannot compare ${name} as its sides must be those of the last folder or a whole fraction of them, ` +
        `${width} x ${height}: current value is ${image.width} x ${image.height}`,
    );
  }
  return enlarge === "nearest" ? repeatPixels(image, factor) : resizeBicubic(image, factor, { uint8: true });
}

function checkBox(name: string, { width, height }: RasterSize, box: Box): void {
  const inside = box.width >= 1 && box.height >= 1 && box.left + box.width <= width && box.top + box.height <= height;
  if (inside) return;
  throw new DataError(
    `Cannot crop ${name} as the box must lie inside ${width} x ${height}: current value is ` +
      `${box.left},${box.top},${box.width},${box.height}`,
  );
}

function sidesOf({ width, height }: RasterSize): RasterSize {
  return { width, height };
}
