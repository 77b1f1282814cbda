import { join } from "node:path";
import { mixBank, type RolloutBank } from "../../adversary/mod.ts";
import { disposeParams, tensorScope, uploadParams } from "../../core/mod.ts";
import { batchOf } from "../../dataset/mod.ts";
import { drawNoise, samplePosteriorMean, traceSampler } from "../../flow/mod.ts";
import type { RunEvent } from "../events.ts";
import { listen } from "../listen.ts";
import { runStage, type StageResult } from "../stage.ts";
import type { RunContext } from "./context.ts";
import { loadRollouts, saveRollouts } from "./image_files.ts";
import { SAMPLING_BATCH } from "./rollouts.ts";
import type { SftOutput } from "./sft.ts";

/** Mixes rollouts with the posterior mean of their images: what the distilled arm learns to make at once. */
export function mixStage(
  context: RunContext,
  seed: number,
  weight: number,
  reference: StageResult<SftOutput>,
  rollouts: StageResult<RolloutBank>,
): AsyncGenerator<RunEvent, StageResult<RolloutBank>> {
  const { settings: { evaluation: { posteriorDraws } }, train, backbone, signal } = context;
  const label = `rollouts mixed by ${weight}, seed ${seed}`;
  return runStage(context.store, {
    name: "mixes",
    label,
    inputs: { reference: reference.hash, rollouts: rollouts.hash, weight, posteriorDraws, seed, batch: SAMPLING_BATCH },
    async *compute(folder) {
      const bank = rollouts.value;
      using scope = tensorScope();
      const params = uploadParams(reference.value.params);
      try {
        using sampler = traceSampler(backbone.velocity(params));
        const { c } = scope.own(batchOf(train, bank.images));
        const shape: [number, number, number] = [bank.size, bank.size, 3];
        const noises = Array.from(
          { length: posteriorDraws },
          (_, draw) => scope.own(drawNoise(seed, "mix/noise", draw, bank.images, shape)),
        );
        const means = scope.own(
          yield* listen(
            label,
            (onStep) => samplePosteriorMean(sampler, noises, { c, batchSize: SAMPLING_BATCH, signal, onStep }),
          ),
        );
        const mixed = mixBank(bank, await means.data<"float32">(), weight);
        await saveRollouts(join(folder, "rollouts.safetensors"), mixed);
      } finally {
        disposeParams(params);
      }
    },
    load: (folder) => loadRollouts(join(folder, "rollouts.safetensors")),
  });
}
