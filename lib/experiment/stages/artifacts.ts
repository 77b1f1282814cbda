import { join } from "node:path";
import { type ArtifactSet, hallucinated, sharpened, undertrained } from "../../adversary/mod.ts";
import { disposeParams, uploadParams } from "../../core/mod.ts";
import { smallRestorer } from "../../restorers/mod.ts";
import type { RunEvent } from "../events.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "./context.ts";
import { loadArtifacts, saveArtifacts } from "./image_files.ts";
import type { RestorerOutput } from "./restorer.ts";
import { SAMPLING_BATCH } from "./rollouts.ts";
import type { SftOutput } from "./sft.ts";

/** The sources, in the places of Real-ESRGAN, SeeSR and SUPIR. */
const SOURCES = ["sharpened", "undertrained", "hallucinated"] as const;

/** Runs every artifact source on every training crop. */
export function artifactStage(
  context: RunContext,
  seed: number,
  reference: StageResult<SftOutput>,
  restorer: StageResult<RestorerOutput>,
): AsyncGenerator<RunEvent, StageResult<readonly ArtifactSet[]>> {
  const { settings: { artifacts }, train, backbone, signal } = context;
  const { sharpen, undertrainedSamplerSteps } = artifacts;
  const label = `artifacts, seed ${seed}`;
  return runStage(context.store, {
    name: "artifacts",
    label,
    inputs: {
      reference: reference.hash,
      restorer: restorer.hash,
      sharpen,
      undertrainedSamplerSteps,
      seed,
      batch: SAMPLING_BATCH,
    },
    async *compute(folder) {
      const restorerParams = uploadParams(restorer.value.params);
      const early = uploadParams(reference.value.early);
      const restore = smallRestorer(restorerParams);
      const sources = {
        sharpened: sharpened(restore, { amount: sharpen }),
        undertrained: undertrained(backbone.velocity(early), {
          seed,
          steps: undertrainedSamplerSteps,
          batchSize: SAMPLING_BATCH,
        }),
        hallucinated: hallucinated(restore, { seed }),
      };
      try {
        for (const [done, name] of SOURCES.entries()) {
          const set = await sources[name](train, train.ids.map((_, i) => i), signal);
          await saveArtifacts(join(folder, name), set);
          yield { kind: "step", label, step: done + 1, steps: SOURCES.length, numbers: {} };
        }
      } finally {
        disposeParams(restorerParams);
        disposeParams(early);
      }
    },
    load: (folder) => Promise.all(SOURCES.map((name) => loadArtifacts(join(folder, name)))),
  });
}
