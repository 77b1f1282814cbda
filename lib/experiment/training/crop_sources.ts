import { basename, resolve } from "node:path";
import { DataError, StoppedError } from "../../core/mod.ts";
import { loadImages, openSet, splitImages } from "../../dataset/mod.ts";
import type { RunEvent } from "../events.ts";
import { listen } from "../listen.ts";
import type { Crop } from "./crop.ts";
import { pairCrops } from "./pair_crops.ts";
import { type NamedPair, openPairs, type PairFiles, pairsOf } from "./pair_files.ts";
import { photographCrops } from "./photograph_crops.ts";
import type { TrainSettings } from "./settings.ts";

/** Crops to train on and crops to show, of different images. */
export interface PlannedCrops {
  readonly train: readonly Crop[];
  readonly validation: readonly Crop[];
}

/**
 * Plan the crops of folders: pairs where folders hold low-resolution images beside the truth (as `deno task degrade`
 * writes them, or a real data set), else photographs, which are degraded here.
 *
 * @throws {DataError} If files cannot be used, there are too few, or some folders hold pairs and others photographs.
 * @throws {StoppedError} If the signal was raised.
 */
export async function* planCrops(
  folders: readonly string[],
  settings: TrainSettings,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, PlannedCrops> {
  const named: NamedPair[][] = [];
  for (const folder of folders) named.push(pairsOf(await openSet(folder), basename(resolve(folder))));
  const paired = named.filter((pairs) => pairs.length > 0).length;
  if (paired === 0) return yield* planPhotographs(folders, settings, signal);
  if (paired < folders.length) {
    const [other] = folders.filter((_, i) => named[i].length === 0);
    throw new DataError(
      `Cannot train on pairs and photographs at once as ${other} must hold pairs: current value is none`,
    );
  }
  const pairs = yield* readPairs(named.flat(), settings, signal, "reading pairs");
  return bothSplits(
    settings,
    (split, count, seed) => pairCrops(splitImages(pairs, split), { count, size: settings.size, seed, split }),
  );
}

/**
 * Plan the crops of pairs that `deno task negatives` chose: each comes with the outputs of the restorers. All pairs are trained
 * on, as no strip shows them.
 *
 * @throws {DataError} If files cannot be used.
 * @throws {StoppedError} If the signal was raised.
 */
export async function* planNegatives(
  named: readonly NamedPair[],
  settings: TrainSettings,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, Crop[]> {
  const pairs = yield* readPairs(named, settings, signal, "reading negatives");
  return pairCrops(pairs, { count: settings.crops, size: settings.size, seed: settings.seed, split: "train" });
}

async function* planPhotographs(
  folders: readonly string[],
  settings: TrainSettings,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, PlannedCrops> {
  const { size, degradation: preset, context } = settings;
  const { images, notes } = yield* listen(
    "reading photographs",
    (onStep) => loadImages(folders, { minSize: size, minCount: 2, onProgress: stopping(signal, onStep) }),
  );
  for (const text of notes) yield { kind: "note", text };
  return bothSplits(
    settings,
    (split, count, seed) => photographCrops(splitImages(images, split), { count, size, seed, split, preset, context }),
  );
}

function readPairs(
  named: readonly NamedPair[],
  { size }: TrainSettings,
  signal: AbortSignal,
  label: string,
): AsyncGenerator<RunEvent, PairFiles[]> {
  return listen(label, (onStep) => openPairs(named, size, stopping(signal, onStep)));
}

function bothSplits(
  { crops, strips, seed }: TrainSettings,
  crop: (split: "train" | "val", count: number, seed: number) => Crop[],
): PlannedCrops {
  return { train: crop("train", crops, seed), validation: crop("val", strips.crops, seed) };
}

/** Ends a task that reports its progress. */
function stopping(
  signal: AbortSignal,
  onStep: (done: number, total: number) => void,
): (done: number, total: number) => void {
  return (done, total) => {
    if (signal.aborted) throw new StoppedError(`Stopped while reading the data, after ${done} of ${total} files`);
    onStep(done, total);
  };
}
