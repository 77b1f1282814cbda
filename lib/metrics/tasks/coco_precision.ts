import type { Matches } from "./coco_match.ts";

const RECALLS = Array.from({ length: 101 }, (_, i) => i === 100 ? 1 : i * 0.01);

/** Precision and recall of one category at one threshold. */
export interface PrecisionRecall {
  /** At 101 recalls from 0 to 1. */
  readonly precision: readonly number[];
  /** Largest recall reached. */
  readonly recall: number;
}

/**
 * Accumulate the matches of one category over all images (COCO: precision made monotone, read at 101 recalls).
 *
 * @param images Matches of every image that has a truth or a detection of the category.
 * @param most Detections counted in an image.
 * @returns One value a threshold; undefined where no truth is wanted.
 */
export function precisionRecall(images: readonly Matches[], most: number): PrecisionRecall[] | undefined {
  const wanted = images.reduce((sum, image) => sum + image.wanted, 0);
  if (wanted === 0) return undefined;
  const all = images.flatMap(({ scores }, image) => scores.slice(0, most).map((score, d) => ({ score, image, d })));
  all.sort((a, b) => b.score - a.score); // equal scores keep their order
  return images[0].outcomes.map((_, threshold) => {
    const precision: number[] = [], recall: number[] = [];
    let hits = 0, alarms = 0;
    for (const { image, d } of all) {
      const outcome = images[image].outcomes[threshold][d];
      if (outcome === 1) hits++;
      if (outcome === 0) alarms++;
      recall.push(hits / wanted);
      precision.push(hits / (hits + alarms + Number.EPSILON));
    }
    for (let i = precision.length - 1; i > 0; i--) precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    let at = 0;
    const read = RECALLS.map((least) => {
      while (at < recall.length && recall[at] < least) at++;
      return precision[at] ?? 0;
    });
    return { precision: read, recall: recall.at(-1) ?? 0 };
  });
}
