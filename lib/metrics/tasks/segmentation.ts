/** Scores of semantic segmentation over a whole set of images. */
export interface SegmentationScores {
  /** Share of labelled pixels that are right ("aAcc", "PixAcc"). */
  readonly pixelAccuracy: number;
  /** Mean over the classes that occur, in [0, 1]. */
  readonly meanIou: number;
  /** Mean share of every class's pixels that are right. */
  readonly meanAccuracy: number;
  /** Intersection over union of every class; NaN for one that neither occurs nor is predicted. */
  readonly iou: readonly number[];
}

/** One image: predicted and true class of every pixel, in the same order. */
export interface LabelPair {
  /** Classes from 0. */
  readonly predicted: ArrayLike<number>;
  /** Classes from 0, or the ignored label. */
  readonly truth: ArrayLike<number>;
}

/**
 * Score segmentations: intersections and unions are summed over all images before they are divided (the standard of
 * ADE20K; a mean of per-image values is another number).
 *
 * @param classes How many.
 * @param ignore Label of the truth that is not counted.
 * @throws {RangeError} If sizes differ or a class is out of range.
 */
export function segmentationScores(pairs: Iterable<LabelPair>, classes: number, ignore = 255): SegmentationScores {
  const both = new Float64Array(classes), predicted = new Float64Array(classes), labelled = new Float64Array(classes);
  for (const pair of pairs) {
    if (pair.predicted.length !== pair.truth.length) {
      throw new RangeError(
        `Cannot score a segmentation as both need one size: current values are ${pair.predicted.length} and ` +
          `${pair.truth.length} pixels`,
      );
    }
    for (let i = 0; i < pair.truth.length; i++) {
      const is = pair.truth[i], says = pair.predicted[i];
      if (is === ignore) continue;
      if (!(is >= 0 && is < classes)) {
        throw new RangeError(`Cannot score a segmentation as there are ${classes} classes: current label is ${is}`);
      }
      labelled[is]++;
      if (says >= 0 && says < classes) predicted[says]++; // any other prediction is wrong, and of no class
      if (is === says) both[is]++;
    }
  }
  const iou = Array.from(both, (value, c) => value / (labelled[c] + predicted[c] - value));
  const accuracy = Array.from(both, (value, c) => value / labelled[c]);
  return { pixelAccuracy: sum(both) / sum(labelled), meanIou: nanMean(iou), meanAccuracy: nanMean(accuracy), iou };
}

/** Move the labels of ADE20K's files to classes from 0: 0 ("other") becomes 255, which is ignored, k becomes k - 1. */
export function reduceZeroLabel(labels: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(labels, (label) => label === 0 || label === 255 ? 255 : label - 1);
}

function nanMean(values: readonly number[]): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return sum(numbers) / numbers.length;
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}
