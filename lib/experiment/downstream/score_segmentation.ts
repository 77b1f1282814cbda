import { AsasrError, contentHash, DataError, sha256File } from "../../core/mod.ts";
import { type LabelMap, readLabelMap, reduceZeroLabel, segmentationCounter } from "../../metrics/mod.ts";
import { openFolder } from "../evaluation/sources.ts";
import type { DownstreamEntry } from "./downstream.ts";
import type { Predictions } from "./score_detection.ts";

/** How label maps are read. */
export interface LabelChoices {
  /** How many classes there are. */
  readonly classes: number;
  /** First class of the labels: 1 as in ADE20K's files, where 0 is "other" and ignored; 0, where 255 is. */
  readonly labelsFrom: 0 | 1;
  /** First class of the predictions, in the same way. */
  readonly predictionsFrom: 0 | 1;
}

/**
 * Score segmentations: folders of label maps that pair by name. A map that cannot be used, or has no partner, is left out
 * and reported.
 *
 * @throws {DataError} If a folder does not exist or no pair of maps can be used.
 */
export async function scoreSegmentation(
  { method, path }: Predictions,
  labels: string,
  choices: LabelChoices,
): Promise<DownstreamEntry> {
  const truths = await openFolder(labels), predictions = await openFolder(path);
  const counter = segmentationCounter(choices.classes), faults: { file: string; reason: string }[] = [];
  const hashes: Record<string, string> = {};
  let count = 0;
  for (const [name, file] of truths.files) {
    hashes[name] = await sha256File(file);
    const other = predictions.files.get(name);
    try {
      if (other === undefined) throw new DataError(`Cannot score it as ${predictions.name} has no map of this name`);
      const truth = await readLabelMap(file), predicted = await readLabelMap(other);
      if (truth.width !== predicted.width || truth.height !== predicted.height) {
        throw new DataError(
          `Cannot score ${other} as it must be as large as its labels: current value is ${predicted.width} x ` +
            `${predicted.height}, labels ${truth.width} x ${truth.height}`,
        );
      }
      counter.add({
        truth: classesOf(truth, choices.labelsFrom),
        predicted: classesOf(predicted, choices.predictionsFrom),
      });
      count++;
    } catch (error) {
      if (!(error instanceof AsasrError || error instanceof RangeError)) throw error;
      faults.push({ file, reason: error.message });
    }
  }
  for (const [name, file] of predictions.files) {
    if (!truths.files.has(name)) faults.push({ file, reason: `${truths.name} has no labels of this name` });
  }
  if (count === 0) throw new DataError(`Cannot score ${path} as a pair of maps is needed: ${faults[0].reason}`);
  const { meanIou, pixelAccuracy, meanAccuracy } = counter.scores();
  const numbers = Object.entries({ mIoU: meanIou, PixAcc: pixelAccuracy, mAcc: meanAccuracy });
  return {
    task: "segmentation",
    method,
    scores: Object.fromEntries(numbers.map(([name, value]) => [name, Number.isFinite(value) ? value : null])),
    protocol: `segmentation: ${choices.classes} classes, labels from ${choices.labelsFrom}, sums over all images`,
    truth: contentHash({ hashes, classes: choices.classes, from: choices.labelsFrom }),
    faults,
    notes: count < truths.files.size ? [`${count} of ${truths.files.size} images scored`] : [],
  };
}

function classesOf({ labels }: LabelMap, from: 0 | 1): Uint8Array {
  return from === 1 ? reduceZeroLabel(labels) : labels;
}
