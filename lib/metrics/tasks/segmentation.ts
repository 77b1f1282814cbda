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

/** Counts pixels of images one by one, so that a whole set need not be in memory. */
export interface SegmentationCounter {
  /**
   * Count an image.
   *
   * @throws {RangeError} If sizes differ or a class of the truth is out of range; the image is then not counted.
   */
  add(pair: LabelPair): void;
  /** Scores of all images so far. */
  scores(): SegmentationScores;
}

/**
 * Count for the scores of segmentations: intersections and unions are summed over all images before they are divided (the
 * standard of ADE20K; a mean of per-image values is another number).
 *
 * @param classes How many.
 * @param ignore Label of the truth that is not counted.
 */
export function segmentationCounter(classes: number, ignore = 255): SegmentationCounter {
  const both = new Float64Array(classes), predicted = new Float64Array(classes), labelled = new Float64Array(classes);
  return {
    add: (pair) => {
      check(pair, classes, ignore);
      for (let i = 0; i < pair.truth.length; i++) {
        const is = pair.truth[i], says = pair.predicted[i];
        if (is === ignore) continue;
        labelled[is]++;
        if (says >= 0 && says < classes) predicted[says]++; // any other prediction is wrong, and of no class
        if (is === says) both[is]++;
      }
    },
    scores: () => {
      const iou = Array.from(both, (value, c) => value / (labelled[c] + predicted[c] - value));
      const accuracy = Array.from(both, (value, c) => value / labelled[c]);
      return { pixelAccuracy: sum(both) / sum(labelled), meanIou: nanMean(iou), meanAccuracy: nanMean(accuracy), iou };
    },
  };
}

/**
 * Score segmentations of a set of images, as {@link segmentationCounter}.
 *
 * @throws {RangeError} If sizes differ or a class of the truth is out of range.
 */
export function segmentationScores(pairs: Iterable<LabelPair>, classes: number, ignore = 255): SegmentationScores {
  const counter = segmentationCounter(classes, ignore);
  for (const pair of pairs) counter.add(pair);
  return counter.scores();
}

function check({ predicted, truth }: LabelPair, classes: number, ignore: number): void {
  if (predicted.length !== truth.length) {
    throw new RangeError(
      `Cannot score a segmentation as both need one size: current values are ${predicted.length} and ` +
        `${truth.length} pixels`,
    );
  }
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === ignore || (truth[i] >= 0 && truth[i] < classes)) continue;
    throw new RangeError(`Cannot score a segmentation as there are ${classes} classes: current label is ${truth[i]}`);
  }
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
