import { DataError } from "../../core/mod.ts";
import { type ImageInstances, matchImage } from "./coco_match.ts";
import { precisionRecall } from "./coco_precision.ts";
import { readMask } from "./polygon_mask.ts";
import { type CocoSegmentation, maskArea, maskIou } from "./rle.ts";

/** Left, top, width, height. */
export type CocoBox = readonly [number, number, number, number];

/** An annotation of a COCO file, as far as it is read. */
export interface CocoAnnotation {
  /** Of its image. */
  readonly image_id: number;
  /** Of its category. */
  readonly category_id: number;
  /** Pixels. */
  readonly area: number;
  /** Box around it. */
  readonly bbox: CocoBox;
  /** 1 for a crowd. */
  readonly iscrowd?: number;
  /** Its mask. */
  readonly segmentation?: CocoSegmentation;
}

/** A COCO annotation file, as far as it is read. */
export interface CocoTruth {
  /** Ids, sizes, and names of the files where given. */
  readonly images: readonly {
    readonly id: number;
    readonly height: number;
    readonly width: number;
    readonly file_name?: string;
  }[];
  /** Ids, and names where given. */
  readonly categories: readonly { readonly id: number; readonly name?: string }[];
  /** All instances. */
  readonly annotations: readonly CocoAnnotation[];
}

/** An entry of a COCO result file. */
export interface CocoDetection {
  /** Of its image. */
  readonly image_id: number;
  /** Of its category. */
  readonly category_id: number;
  /** Confidence. */
  readonly score: number;
  /** Its box; needed for box scores. Where it is given, its area is the detection's area in mask scores too. */
  readonly bbox?: CocoBox;
  /** Its mask; needed for mask scores. */
  readonly segmentation?: CocoSegmentation;
}

/** The twelve numbers of COCO; -1 where no truth has such an area. */
export type CocoScores = Readonly<
  Record<
    "AP" | "AP50" | "AP75" | "APs" | "APm" | "APl" | "AR1" | "AR10" | "AR100" | "ARs" | "ARm" | "ARl",
    number
  >
>;

const THRESHOLDS = Array.from({ length: 10 }, (_, i) => i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9));
const MOST = 100;
const AREAS = { all: [0, 1e10], s: [0, 32 ** 2], m: [32 ** 2, 96 ** 2], l: [96 ** 2, 1e10] } as const;

/**
 * Score detections as COCO does (Lin et al. 2014, pycocotools): average precision and recall over overlaps of 0.5 to 0.95,
 * 101 recalls, categories, and areas.
 *
 * The truths and the detections need one coordinate system: for images resized to 512 x 512, scale either.
 *
 * @param kind Overlap of boxes or of masks.
 * @throws {DataError} If a detection names an image that the truths have not, or lacks its box or mask.
 */
export function cocoScores(truth: CocoTruth, detections: readonly CocoDetection[], kind: "box" | "mask"): CocoScores {
  const sizes = new Map(truth.images.map((image) => [image.id, image]));
  const stranger = detections.find(({ image_id }) => !sizes.has(image_id));
  if (stranger) {
    throw new DataError(
      `Cannot score detections as their images must be annotated: current id is ${stranger.image_id}`,
    );
  }
  const imageIds = [...sizes.keys()].sort((a, b) => a - b), truths = byImage(truth.annotations);
  const found = byImage(detections), overlap = kind === "box" ? boxOverlaps : maskOverlaps;
  const categories = truth.categories.map(({ id }) => {
    const images = imageIds.flatMap((image) => {
      const key = `${image} ${id}`, ours = (found.get(key) ?? []).toSorted((a, b) => b.score - a.score).slice(0, MOST);
      const theirs = truths.get(key) ?? [];
      return ours.length + theirs.length === 0 ? [] : [overlap(ours, theirs, sizes.get(image)!)];
    });
    return (area: keyof typeof AREAS, most = MOST) =>
      precisionRecall(images.map((image) => matchImage(image, AREAS[area], THRESHOLDS)), most);
  });
  const tables = (area: keyof typeof AREAS, most?: number) =>
    categories.map((table) => table(area, most)).filter((table) => table !== undefined);
  const all = tables("all"), [small, medium, large] = (["s", "m", "l"] as const).map((area) => tables(area));
  const precision = (found: typeof all, at = [...THRESHOLDS.keys()]) =>
    meanOr(found.flatMap((table) => at.flatMap((t) => table[t].precision)));
  const recall = (found: typeof all) => meanOr(found.flatMap((table) => table.map(({ recall }) => recall)));
  return {
    AP: precision(all),
    AP50: precision(all, [0]),
    AP75: precision(all, [5]),
    APs: precision(small),
    APm: precision(medium),
    APl: precision(large),
    AR1: recall(tables("all", 1)),
    AR10: recall(tables("all", 10)),
    AR100: recall(all),
    ARs: recall(small),
    ARm: recall(medium),
    ARl: recall(large),
  };
}

type Size = { readonly height: number; readonly width: number };
type Overlap = (ours: readonly CocoDetection[], theirs: readonly CocoAnnotation[], size: Size) => ImageInstances;

const boxOverlaps: Overlap = (ours, theirs) => {
  const boxes = ours.map((detection) => needed(detection.bbox, detection, "box"));
  return {
    ...instances(boxes.map(boxArea), ours, theirs),
    overlaps: boxes.map((box) => theirs.map(({ bbox, iscrowd }) => boxIou(box, bbox, iscrowd === 1))),
  };
};

const maskOverlaps: Overlap = (ours, theirs, { height, width }) => {
  const read = (segmentation: CocoSegmentation) => readMask(segmentation, height, width);
  const masks = ours.map((detection) => read(needed(detection.segmentation, detection, "mask")));
  const truths = theirs.map((annotation) => read(needed(annotation.segmentation, annotation, "mask")));
  const areas = ours.map(({ bbox }, i) => bbox ? boxArea(bbox) : maskArea(masks[i]));
  return {
    ...instances(areas, ours, theirs),
    overlaps: masks.map((mask) => truths.map((other, g) => maskIou(mask, other, theirs[g].iscrowd === 1))),
  };
};

function instances(areas: readonly number[], ours: readonly CocoDetection[], theirs: readonly CocoAnnotation[]) {
  return {
    detections: ours.map(({ score }, i) => ({ area: areas[i], score, crowd: false })),
    truths: theirs.map(({ area, iscrowd }) => ({ area, score: 0, crowd: iscrowd === 1 })),
  };
}

/** Intersection over union of two boxes; over the detection alone where the truth is a crowd. */
export function boxIou(detection: CocoBox, truth: CocoBox, crowd = false): number {
  const side = (axis: 0 | 1) =>
    Math.min(detection[axis] + detection[axis + 2], truth[axis] + truth[axis + 2]) -
    Math.max(detection[axis], truth[axis]);
  const both = Math.max(side(0), 0) * Math.max(side(1), 0);
  return both === 0 ? 0 : both / (crowd ? boxArea(detection) : boxArea(detection) + boxArea(truth) - both);
}

function boxArea([, , width, height]: CocoBox): number {
  return width * height;
}

function byImage<T extends { readonly image_id: number; readonly category_id: number }>(all: readonly T[]) {
  return Map.groupBy(all, ({ image_id, category_id }) => `${image_id} ${category_id}`);
}

function needed<T>(value: T | undefined, { image_id }: { readonly image_id: number }, what: string): T {
  if (value === undefined) throw new DataError(`Cannot score instances of image ${image_id} as each needs a ${what}`);
  return value;
}

function meanOr(values: readonly number[]): number {
  return values.length === 0 ? -1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
