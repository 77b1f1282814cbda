import { contentHash, DataError, sha256File } from "../../core/mod.ts";
import {
  type CocoDetection,
  cocoScores,
  type CocoTruth,
  readCocoDetections,
  readCocoTruth,
  readTextRegions,
  type TextRegion,
  textScores,
} from "../../metrics/mod.ts";
import type { DownstreamEntry } from "./downstream.ts";

/** A method's predictions. */
export interface Predictions {
  /** What tables call the method. */
  readonly method: string;
  /** File or folder. */
  readonly path: string;
}

/**
 * Score detections and masks as COCO does, from files in its formats. Scores that need masks, or boxes, are null where the
 * detections have none.
 *
 * @throws {DataError} If a file does not fit its format, or some detections have boxes or masks and others have none.
 */
export async function scoreCoco({ method, path }: Predictions, annotations: string): Promise<DownstreamEntry> {
  const truth = await readCocoTruth(annotations), detections = await readCocoDetections(path);
  const boxes = has(detections, "bbox", path), masks = has(detections, "segmentation", path);
  if (!boxes && !masks) {
    throw new DataError(
      `Cannot score ${path} as its detections need a bbox or a segmentation: current value is neither`,
    );
  }
  return {
    task: "coco",
    method,
    scores: { ...scores(truth, boxes ? detections : null, "box"), ...scores(truth, masks ? detections : null, "mask") },
    protocol: "COCO: overlap 0.50 to 0.95, 101 recalls, 100 detections an image",
    truth: contentHash({ file: await sha256File(annotations) }),
    faults: [],
    notes: [
      ...withoutPrediction(new Set(truth.images.map(({ id }) => id)), new Set(detections.map((one) => one.image_id))),
      ...ofOtherCategories(truth, detections),
    ],
  };
}

/** Scores of boxes (`box AP50`) or masks; null where there is none. */
function scores(truth: CocoTruth, detections: readonly CocoDetection[] | null, kind: "box" | "mask") {
  const found = cocoScores(truth, detections ?? [], detections === null ? "box" : kind);
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [`${kind} ${name}`, detections === null || value < 0 ? null : value]),
  );
}

/** COCO's evaluation passes over them without a word: with other ids, all scores would be 0. */
function ofOtherCategories({ categories }: CocoTruth, detections: readonly CocoDetection[]): string[] {
  const known = new Set(categories.map(({ id }) => id));
  const strange = detections.filter(({ category_id }) => !known.has(category_id));
  return strange.length === 0 ? [] : [
    `${strange.length} of ${detections.length} detections are of categories that are not annotated, such as ` +
    `${strange[0].category_id}, and do not count`,
  ];
}

function has(detections: readonly CocoDetection[], key: "bbox" | "segmentation", path: string): boolean {
  const without = detections.findIndex((one) => one[key] === undefined);
  if (without < 0) return true;
  if (detections.every((one) => one[key] === undefined)) return false;
  throw new DataError(`Cannot score ${path} as all detections or none must have a ${key}: entry ${without} has none`);
}

/**
 * Score text detection as PaddleOCR does, from its label files or from folders of ICDAR 2015's.
 *
 * @param overlap Intersection over union that a match must exceed.
 * @throws {DataError} If a file does not fit its format, or predictions name an image that the annotations have not.
 */
export async function scoreOcr(
  { method, path }: Predictions,
  annotations: string,
  overlap: number,
): Promise<DownstreamEntry> {
  const truths = await readTextRegions(annotations), found = await readTextRegions(path);
  const stranger = [...found.keys()].find((name) => !truths.has(name));
  if (stranger !== undefined) {
    throw new DataError(`Cannot score ${path} as its images must be annotated: current image is ${stranger}`);
  }
  const images = Array.from(truths, ([name, regions]) => ({ truths: regions, detections: found.get(name) ?? [] }));
  const { precision, recall, hmean, perImage } = textScores(images, overlap);
  const asked = perImage.reduce((sum, image) => sum + image.truths, 0);
  return {
    task: "ocr",
    method,
    scores: { precision, recall, hmean },
    protocol: `OCR: detection, overlap above ${overlap}, sums over all images (PaddleOCR)`,
    truth: contentHash({ regions: plain(truths), overlap }),
    faults: [],
    notes: [
      ...withoutPrediction(new Set(truths.keys()), new Set(found.keys())),
      ...asked === 0 ? ["no region is asked for, as all are unreadable (###): the scores are 0 by convention"] : [],
    ],
  };
}

function plain(truths: ReadonlyMap<string, readonly TextRegion[]>) {
  return [...truths].map(([name, regions]) => [name, regions.map(({ points, ignore = false }) => [points, ignore])]);
}

function withoutPrediction(asked: ReadonlySet<unknown>, found: ReadonlySet<unknown>): string[] {
  const { size } = asked.difference(found);
  return size === 0 ? [] : [`${size} of ${asked.size} images have no prediction and count as empty`];
}
