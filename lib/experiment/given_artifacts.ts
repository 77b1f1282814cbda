import { type ArtifactSet, cropNegatives, folderOutputs, readNegatives } from "../adversary/mod.ts";
import { contentHash, DataError, sha256Hex } from "../core/mod.ts";
import { joinPairs, type PairSet } from "../dataset/mod.ts";
import { publishedSystems } from "../restorers/mod.ts";
import { type RunData, stoppable } from "./data.ts";
import type { RunEvent } from "./events.ts";
import { listen } from "./listen.ts";
import type { Settings } from "./schema/mod.ts";
import { sourcesOf } from "./sources.ts";

/** Artifacts that come as files. */
export interface GivenArtifacts {
  /** Hash of every pixel and place. */
  readonly hash: string;
  /** The training crops, and after them the crops that cached negatives brought. */
  readonly pairs: PairSet;
  /** Sets over these pairs. */
  readonly sets: readonly ArtifactSet[];
}

/**
 * Reads the artifacts of a run that come as files: folders of outputs on the training crops, and cached negatives, of
 * which as many crops are cut as the adversary would take of the training crops.
 *
 * @returns Null where no source is of files.
 * @param testPhotographs Hashes of the photographs that no negative may come from.
 * @throws {DataError} If files are missing, damaged or of another size, or negatives come from test photographs.
 * @throws {StoppedError} If the signal was raised.
 */
export async function* readGivenArtifacts(
  settings: Settings,
  { train, testPhotographs }: Pick<RunData, "train" | "testPhotographs">,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, GivenArtifacts | null> {
  const { outputs, negatives } = sourcesOf(settings), { data, artifacts } = settings;
  if (outputs.length + negatives.length === 0) return null;
  const sets: ArtifactSet[] = [];
  for (const { name, folder } of outputs) {
    const suffixes = Object.entries(publishedSystems).find(([known]) => known === name)?.[1].suffixes;
    sets.push(await folderOutputs(folder, { name, suffixes })(train, train.ids.map((_, i) => i)));
  }
  let pairs = train;
  for (const folder of negatives) {
    const file = await readNegatives(folder);
    const tested = file.pairs.filter(({ source }) => testPhotographs.has(source));
    if (tested.length > 0) {
      throw new DataError(
        `Cannot train on negatives of ${folder} as none may come from a photograph that is kept for testing (--test names ` +
          `others): current value is ${tested.map(({ id }) => id).join(", ")}`,
      );
    }
    const cached = yield* listen(`negatives of ${folder}`, (onStep) =>
      stoppable(cropNegatives(folder, file, {
        size: data.size,
        count: Math.max(1, Math.round(artifacts.fraction * data.trainCrops)),
        seed: data.seed,
        onProgress: (done, total) => {
          signal.throwIfAborted();
          onStep(done, total);
        },
      })));
    const first = pairs.count;
    sets.push(...cached.sets.map((set) => ({ ...set, images: set.images.map((image) => first + image) })));
    pairs = joinPairs(pairs, cached.pairs);
  }
  const added = [pairs.hr, pairs.condition].map((x, i) => hashOf(x.subarray([train.hr, train.condition][i].length)));
  const known = sets.map(({ name, images, pixels }) => ({ name, images, pixels: hashOf(pixels) }));
  return { hash: contentHash({ added, known }), pairs, sets };
}

function hashOf(values: Float32Array): string {
  return sha256Hex(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
