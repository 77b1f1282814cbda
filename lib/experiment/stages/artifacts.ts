import { join } from "node:path";
import { type ArtifactSet, hallucinated, sharpened, undertrained } from "../../adversary/mod.ts";
import { disposeParams, uploadParams } from "../../core/mod.ts";
import { smallRestorer } from "../../restorers/mod.ts";
import type { RunEvent } from "../events.ts";
import { type TrainedSource, trainedSources } from "../schema/mod.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "./context.ts";
import { loadArtifacts, saveArtifacts } from "./image_files.ts";
import type { RestorerOutput } from "./restorer.ts";
import { SAMPLING_BATCH } from "./rollouts.ts";
import type { SftOutput } from "./sft.ts";

/**
 * Runs artifact sources that the run trains itself on every training crop.
 *
 * @param names Which; the order is that of `trainedSources`.
 * @param restorer The small restorer, which all but the under-trained sampler need.
 */
export function artifactStage(
  context: RunContext,
  seed: number,
  names: readonly TrainedSource[],
  reference: StageResult<SftOutput>,
  restorer: StageResult<RestorerOutput> | undefined,
): AsyncGenerator<RunEvent, StageResult<readonly ArtifactSet[]>> {
  const { settings: { artifacts }, train, backbone, signal } = context;
  const { sharpen, undertrainedSamplerSteps } = artifacts;
  const label = `artifacts, seed ${seed}`;
  return runStage(context.store, {
    name: "artifacts",
    label,
    inputs: {
      reference: reference.hash,
      // All three are the default, which had no name when stages were first hashed.
      ...(names.length === trainedSources.length ? {} : { names }),
      restorer: restorer?.hash,
      sharpen,
      undertrainedSamplerSteps,
      seed,
      batch: SAMPLING_BATCH,
    },
    async *compute(folder) {
      const restorerParams = uploadParams(restorer?.value.params ?? {});
      const early = uploadParams(reference.value.early);
      const restore = smallRestorer(restorerParams);
      const sources = {
        sharpened: () => sharpened(restore, { amount: sharpen }),
        undertrained: () =>
          undertrained(backbone.velocity(early), {
            seed,
            steps: undertrainedSamplerSteps,
            batchSize: SAMPLING_BATCH,
          }),
        hallucinated: () => hallucinated(restore, { seed }),
      };
      try {
        for (const [done, name] of names.entries()) {
          const set = await sources[name]()(train, train.ids.map((_, i) => i), signal);
          await saveArtifacts(join(folder, name), set);
          yield { kind: "step", label, step: done + 1, steps: names.length, numbers: {} };
        }
      } finally {
        disposeParams(restorerParams);
        disposeParams(early);
      }
    },
    load: (folder) => Promise.all(names.map((name) => loadArtifacts(join(folder, name)))),
  });
}
