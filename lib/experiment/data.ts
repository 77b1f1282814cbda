import { contentHash, DataError, sha256Hex, StoppedError } from "../core/mod.ts";
import {
  buildPairs,
  loadImages,
  type PairSet,
  proceduralImages,
  type SourceImage,
  type Split,
} from "../dataset/mod.ts";
import type { RunEvent } from "./events.ts";
import { listen } from "./listen.ts";
import type { Settings } from "./schema/mod.ts";

/** Share of the training images kept for validation, and of all images for testing where no test folder is given. */
const VALIDATION_SHARE = 0.1, TEST_SHARE = 0.2;
/** Index of the first procedural test image: far from the training images'. */
const PROCEDURAL_TEST = 100_000;

/** The crops of a run. */
export interface RunData {
  /** What networks learn from. */
  readonly train: PairSet;
  /** From images that no training crop comes from. */
  readonly validation: PairSet;
  /** What every arm and control is measured on. */
  readonly test: PairSet;
  /** SHA-256 of every test photograph: nothing may be trained on what was made of them. */
  readonly testPhotographs: ReadonlySet<string>;
  /** Hash of the training crops: what trained networks depend on. */
  readonly trainHash: string;
  /** Hash of the test crops: what evaluations depend on. */
  readonly testHash: string;
  /** Hash of the validation crops. */
  readonly validationHash: string;
  /** One line for the report. */
  readonly dataDescription: string;
  /** Conversions. */
  readonly notes: readonly string[];
}

interface Sources {
  readonly training: readonly SourceImage[];
  readonly testing: readonly SourceImage[];
  readonly description: string;
  readonly notes: readonly string[];
}

/**
 * Makes the training, validation and test crops of a run: photographs from folders, or procedural images.
 *
 * Training and validation crops come from different images; test images from their own folder, or where there is none
 * from images that are kept apart. The crops are the same for every seed of a run.
 *
 * @throws {DataError} If files cannot be used, there are too few, or a test image is a training image.
 * @throws {StoppedError} If the signal was raised.
 */
export async function* prepareData(settings: Settings, signal: AbortSignal): AsyncGenerator<RunEvent, RunData> {
  const { data } = settings;
  const sources = data.train.length ? yield* photographs(settings, signal) : procedural(settings);
  for (const text of sources.notes) yield { kind: "note", text };
  const split = (images: readonly SourceImage[], split: Split, count: number) =>
    listen(`${split} crops`, (onProgress) =>
      stoppable(buildPairs({
        images,
        count,
        split,
        size: data.size,
        seed: data.seed,
        preset: data.degradation,
        context: data.context,
        validation: VALIDATION_SHARE,
        onProgress,
        signal,
      })));
  const train = yield* split(sources.training, "train", data.trainCrops);
  const validation = yield* split(sources.training, "val", data.validationCrops);
  const test = yield* split(sources.testing, "test", data.testCrops);
  return {
    train,
    validation,
    test,
    testPhotographs: new Set(sources.testing.map(({ hash }) => hash)),
    trainHash: hashOf(train),
    testHash: hashOf(test),
    validationHash: hashOf(validation),
    dataDescription:
      `${sources.description}; ${train.count} training, ${validation.count} validation and ${test.count} ` +
      `test crops of ${data.size} px, x4, degradation ${data.degradation}`,
    notes: sources.notes,
  };
}

async function* photographs({ data }: Settings, signal: AbortSignal): AsyncGenerator<RunEvent, Sources> {
  const read = (label: string, folders: readonly string[], minCount: number) =>
    listen(label, (onStep) => {
      const onProgress = (done: number, total: number) => {
        signal.throwIfAborted();
        onStep(done, total);
      };
      return stoppable(loadImages(folders, { minSize: data.size, minCount, onProgress }));
    });
  const training = yield* read("reading photographs", data.train, data.test.length ? 2 : 4);
  if (!data.test.length) {
    const { kept, apart } = keepApart(training.images);
    const description = `${kept.length} photographs, ${apart.length} others for testing`;
    return { training: kept, testing: apart, description, notes: training.notes };
  }
  const testing = yield* read("reading test photographs", data.test, 1);
  const known = new Set(training.images.map(({ hash }) => hash));
  const shared = testing.images.filter(({ hash }) => known.has(hash));
  if (shared.length) {
    throw new DataError(
      `Cannot test on images of the training folders: current value is ${shared.map(({ id }) => id).join(", ")}`,
    );
  }
  return {
    training: training.images,
    testing: testing.images,
    description: `${training.images.length} photographs for training, ${testing.images.length} for testing`,
    notes: [...training.notes, ...testing.notes],
  };
}

function procedural({ data }: Settings): Sources {
  const count = Math.max(2, Math.round(data.proceduralImages * TEST_SHARE));
  return {
    training: proceduralImages(data.seed, { count: data.proceduralImages }),
    testing: proceduralImages(data.seed, { count, from: PROCEDURAL_TEST }),
    description: `${data.proceduralImages} procedural images for training, ${count} for testing`,
    notes: [],
  };
}

/** Parts images by their content, so that the test images stay the same when others are added. */
function keepApart(images: readonly SourceImage[]): { kept: SourceImage[]; apart: SourceImage[] } {
  const count = Math.max(1, Math.round(images.length * TEST_SHARE));
  const last = images.map(({ hash }) => hash).sort().reverse()[count - 1];
  return { kept: images.filter(({ hash }) => hash < last), apart: images.filter(({ hash }) => hash >= last) };
}

/** Makes of a task that the signal ended a stopped run, not a failed one. */
export async function stoppable<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new StoppedError("Stopped while preparing the data; the same command goes on from here", { cause: error });
  }
}

/** Hash of every pixel and name of a set, so that another decoder or another degradation shows. */
function hashOf(set: PairSet): string {
  const pixels = [set.hr, set.lr, set.condition].map((x) =>
    sha256Hex(new Uint8Array(x.buffer, x.byteOffset, x.byteLength))
  );
  return contentHash({ ids: set.ids, pixels });
}
