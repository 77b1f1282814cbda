import { type Corner, intersectionArea, isSimple, polygonArea } from "./polygon.ts";

/** A text region. */
export interface TextRegion {
  /** Corners in order. */
  readonly points: readonly Corner[];
  /** Of a truth: unreadable, neither asked for nor wrong ("###"). */
  readonly ignore?: boolean;
  /** What is written there, where the file says so. */
  readonly text?: string;
  /** Confidence, where the file says so. */
  readonly score?: number;
}

/** What counts in one image. */
export interface TextMatches {
  /** Truths that were found. */
  readonly matched: number;
  /** Truths that are asked for. */
  readonly truths: number;
  /** Detections that count. */
  readonly detections: number;
}

/** Scores of text detection over a set of images. */
export interface TextScores {
  /** Matched over detections, in [0, 1]. */
  readonly precision: number;
  /** Matched over truths, in [0, 1]. */
  readonly recall: number;
  /** Harmonic mean of both; 0 where both are. */
  readonly hmean: number;
  /** In order. */
  readonly perImage: readonly TextMatches[];
}

/** One image. */
export interface TextImage {
  /** Regions that are there. */
  readonly truths: readonly TextRegion[];
  /** Regions that were found. */
  readonly detections: readonly TextRegion[];
}

const IGNORED_SHARE = 0.5; // a detection with more of its area than this inside an ignored truth does not count

/**
 * Score text detection as PaddleOCR's evaluator does (the IoU protocol of ICDAR 2015): every truth in turn takes the first
 * free detection that overlaps it by more than `overlap`; precision and recall are of the sums over all images. Outlines
 * that cross themselves are left out.
 *
 * @param overlap Intersection over union that a match must exceed.
 */
export function textScores(images: readonly TextImage[], overlap = 0.5): TextScores {
  const perImage = images.map((image) => matchText(image, overlap));
  const total = (key: keyof TextMatches) => perImage.reduce((sum, image) => sum + image[key], 0);
  const share = (of: number) => of === 0 ? 0 : total("matched") / of;
  const precision = share(total("detections")), recall = share(total("truths"));
  const hmean = precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall);
  return { precision, recall, hmean, perImage };
}

function matchText({ truths, detections }: TextImage, overlap: number): TextMatches {
  const valid = truths.filter(({ points }) => isSimple(points));
  const ignored = valid.filter(({ ignore }) => ignore), asked = valid.filter(({ ignore }) => !ignore);
  const counted = detections.filter(({ points }) => isSimple(points)).filter(({ points }) =>
    !ignored.some((truth) => intersectionArea(truth.points, points) / polygonArea(points) > IGNORED_SHARE)
  );
  const free = new Set(counted);
  let matched = 0;
  for (const truth of asked) {
    const match = [...free].find(({ points }) => polygonIou(truth.points, points) > overlap);
    if (!match) continue;
    free.delete(match);
    matched++;
  }
  return { matched, truths: asked.length, detections: counted.length };
}

/** Intersection over union of two simple polygons. */
export function polygonIou(a: readonly Corner[], b: readonly Corner[]): number {
  const both = intersectionArea(a, b);
  return both / (polygonArea(a) + polygonArea(b) - both);
}
