import { join } from "node:path";
import { buildRolloutBank, type RolloutBank } from "../../adversary/mod.ts";
import { disposeParams, uploadParams } from "../../core/mod.ts";
import { chooseImages } from "../../flow/mod.ts";
import type { RunEvent } from "../events.ts";
import { listen } from "../listen.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "./context.ts";
import { loadRollouts, saveRollouts } from "./image_files.ts";
import type { SftOutput } from "./sft.ts";

/** Images in one call of the network while sampling. */
export const SAMPLING_BATCH = 32;

/** Samples the reference for some training images: the negatives of the rollout arms. */
export function rolloutStage(
  context: RunContext,
  seed: number,
  reference: StageResult<SftOutput>,
  steps: number = context.settings.rollouts.steps,
): AsyncGenerator<RunEvent, StageResult<RolloutBank>> {
  const { settings, train, backbone, signal } = context;
  const rollouts = { ...settings.rollouts, steps };
  const label = `rollouts of ${steps} steps, seed ${seed}`;
  return runStage(context.store, {
    name: "rollouts",
    label,
    inputs: { reference: reference.hash, rollouts, seed, batch: SAMPLING_BATCH },
    async *compute(folder) {
      const params = uploadParams(reference.value.params);
      try {
        const images = chooseImages(seed, "rollouts", train.count, rollouts.images);
        const bank = yield* listen(label, (onStep) =>
          buildRolloutBank({
            field: backbone.velocity(params),
            pairs: train,
            images,
            draws: rollouts.draws,
            steps: rollouts.steps,
            seed,
            batchSize: SAMPLING_BATCH,
            signal,
            onStep,
          }));
        await saveRollouts(join(folder, "rollouts.safetensors"), bank);
      } finally {
        disposeParams(params);
      }
    },
    load: (folder) => loadRollouts(join(folder, "rollouts.safetensors")),
  });
}
