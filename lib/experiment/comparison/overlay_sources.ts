import { basename, extname } from "node:path";
import { DataError } from "../../core/mod.ts";
import type { RasterSize } from "../../image/mod.ts";
import {
  type CocoAnnotation,
  type CocoDetection,
  type CocoTruth,
  readCocoDetections,
  readCocoTruth,
  readLabelMap,
  readMask,
  readTextRegions,
} from "../../metrics/mod.ts";
import { openFolder } from "../evaluation/sources.ts";
import { EMPTY_OVERLAY, type OverlayMark, type OverlaySource } from "./overlay.ts";

/** Kind of text boxes: the colour that the paper gives them, red. */
const TEXT_KIND = 1;
/** Class of pixels that label maps leave open. */
const NO_CLASS = 255;

/**
 * Draw detections of COCO's result format, boxes and masks with category and score, the surest on top.
 *
 * @param detections Result file; null draws the annotations themselves.
 * @param annotations COCO's annotation file, which names images and categories.
 * @param least Detections below this score are left out.
 * @throws {DataError} If a file does not fit, or the annotations do not name an image or have it in another size.
 */
export async function openDetections(
  detections: string | null,
  annotations: string,
  least: number,
): Promise<OverlaySource> {
  const truth = await readCocoTruth(annotations);
  const found = detections === null ? truth.annotations : await readCocoDetections(detections);
  const places = new Map(truth.categories.map(({ id }, place) => [id, place]));
  return (image, size) => {
    const { id } = imageOf(truth, image, size, annotations);
    const own = found.filter((one) => one.image_id === id && scoreOf(one) >= least)
      .toSorted((a, b) => scoreOf(a) - scoreOf(b));
    const masked = own.some(({ segmentation }) => segmentation !== undefined);
    const kinds = masked ? new Uint16Array(size.width * size.height) : null;
    const marks = own.flatMap((one): OverlayMark[] => {
      const kind = places.get(one.category_id);
      if (kind === undefined) {
        throw new DataError(
          `Cannot draw detections as ${annotations} must have category ${one.category_id}: it has not`,
        );
      }
      if (kinds !== null) tint(kinds, one, kind, size);
      if (one.bbox === undefined) return [];
      const [x, y, width, height] = one.bbox, name = truth.categories[kind].name ?? `category ${one.category_id}`;
      const points = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]] as const;
      return [{ points, kind, label: "score" in one ? `${name} ${one.score.toFixed(2)}` : name }];
    });
    return Promise.resolve({ marks, kinds });
  };
}

/**
 * Draw text regions of the formats that `readTextRegions` reads, with what is written there and the score where given.
 *
 * @param least Regions with a lower score are left out.
 */
export async function openTexts(path: string, least: number): Promise<OverlaySource> {
  const regions = await readTextRegions(path);
  return (image) => {
    const own = regions.get(basename(image)) ?? [];
    const marks = own.filter(({ ignore, score = 1 }) => !ignore && score >= least).map(({ points, text, score }) => ({
      points,
      kind: TEXT_KIND,
      label: [text ?? "", score?.toFixed(2) ?? ""].filter(Boolean).join(" "),
    }));
    return Promise.resolve({ marks, kinds: null });
  };
}

/**
 * Tint pixels by the class of label maps, paired by name; 255 is no class.
 *
 * @throws {DataError} If an image has no map, or one of another size.
 */
export async function openLabelMaps(path: string): Promise<OverlaySource> {
  const { files } = await openFolder(path);
  return async (image, size) => {
    const file = files.get(image);
    if (file === undefined) throw new DataError(`Cannot draw labels of ${image} as ${path} must have them: it has not`);
    const { labels, width, height } = await readLabelMap(file);
    checkSize(file, { width, height }, size);
    return { ...EMPTY_OVERLAY, kinds: Uint16Array.from(labels, (label) => label === NO_CLASS ? 0 : label + 1) };
  };
}

function scoreOf(one: CocoDetection | CocoAnnotation): number {
  return "score" in one ? one.score : 1;
}

function imageOf(truth: CocoTruth, image: string, size: RasterSize, annotations: string): CocoTruth["images"][number] {
  const name = basename(image);
  const found = truth.images.find(({ file_name }) => file_name && basename(file_name, extname(file_name)) === name);
  if (found === undefined) {
    throw new DataError(`Cannot draw detections of ${name} as ${annotations} must name it in a file_name: it does not`);
  }
  checkSize(`${annotations}, ${name}`, found, size);
  return found;
}

function checkSize(name: string, found: RasterSize, wanted: RasterSize): void {
  if (found.width === wanted.width && found.height === wanted.height) return;
  throw new DataError(
    `Cannot draw ${name} as it must have the size of the images, ${wanted.width} x ${wanted.height}: current value is ` +
      `${found.width} x ${found.height}`,
  );
}

/** Marks the pixels of a mask, which lies column by column. */
function tint(kinds: Uint16Array, one: CocoDetection | CocoAnnotation, kind: number, size: RasterSize): void {
  if (one.segmentation === undefined) return;
  const { counts, height } = readMask(one.segmentation, size.height, size.width);
  let at = 0;
  counts.forEach((count, i) => {
    for (const end = at + count; at < end; at++) {
      if (i % 2 === 1) kinds[(at % height) * size.width + Math.floor(at / height)] = kind + 1;
    }
  });
}
