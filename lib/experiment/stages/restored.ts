import { join } from "node:path";
import type { ArtifactSet } from "../../adversary/mod.ts";
import { DataError } from "../../core/mod.ts";
import { openRestorer, restorePairs, SCALE } from "../../restorers/mod.ts";
import type { RunEvent } from "../events.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "./context.ts";
import { loadArtifacts, saveArtifacts } from "./image_files.ts";

/** Crops between two reports. */
const REPORTED = 64;
/** Crops in one call of the network. */
const BATCH = 16;

/**
 * Runs a published restorer on the low-resolution image of every training crop, once for all seeds.
 *
 * @throws {DataError} If the crops are smaller than the network takes.
 */
export async function* restoredStage(
  context: RunContext,
  name: string,
): AsyncGenerator<RunEvent, StageResult<ArtifactSet>> {
  const { settings: { artifacts }, train, trainHash, signal, store } = context;
  using restorer = await openRestorer(name, artifacts.weights ?? "weights");
  const side = train.size / SCALE;
  if (side < restorer.minSide) {
    throw new DataError(
      `Cannot run ${name} on the training crops as their low-resolution side must be at least ${restorer.minSide}: ` +
        `current value is ${side}`,
    );
  }
  const label = `${name} on the training crops`;
  return yield* runStage(store, {
    name: "restored",
    label,
    inputs: { data: trainHash, restorer: restorer.hash, batch: BATCH },
    async *compute(folder) {
      const pixels = new Float32Array(train.hr.length), values = train.size ** 2 * 3;
      for (let first = 0; first < train.count; first += REPORTED) {
        const images = Array.from({ length: Math.min(REPORTED, train.count - first) }, (_, i) => first + i);
        pixels.set(await restorePairs(restorer.restore, train, { images, batchSize: BATCH, signal }), first * values);
        yield { kind: "step", label, step: first + images.length, steps: train.count, numbers: {} };
      }
      const images = train.ids.map((_, i) => i);
      await saveArtifacts(join(folder, "restored"), { name, images, size: train.size, pixels });
    },
    load: (folder) => loadArtifacts(join(folder, "restored")),
  });
}
