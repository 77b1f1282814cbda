import { exportInputs } from "../adversary/mod.ts";
import { chooseImages } from "../flow/mod.ts";
import type { ResolvedExperiment } from "./config.ts";
import { prepareData } from "./data.ts";
import type { RunEvent } from "./events.ts";

/**
 * Writes the low-resolution images of a random share of the training crops, `artifacts.fraction` of them, for systems
 * that are not part of the project; a source of kind `outputs` takes what they make. The share is the same for all seeds.
 *
 * @param folder Made where it is missing.
 * @returns How many were written.
 * @throws {DataError} If the photographs cannot be used.
 * @throws {StoppedError} If the signal was raised.
 */
export async function* exportTrainingCrops(
  { settings }: ResolvedExperiment,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, number> {
  const { train } = yield* prepareData(settings, signal);
  const { data, artifacts } = settings;
  const wanted = Math.max(1, Math.round(artifacts.fraction * train.count));
  const images = chooseImages(data.seed, "export", train.count, wanted);
  await exportInputs(folder, train, images);
  return images.length;
}
