import { join } from "node:path";
import { buildRolloutBank, type RolloutBank } from "../../adversary/mod.ts";
import type { StepReport } from "../../core/mod.ts";
import type { VelocityFamily } from "../../flow/mod.ts";
import type { TrainState } from "../../optim/mod.ts";
import { loadRollouts, saveRollouts } from "./image_files.ts";
import type { RunContext } from "./context.ts";
import { SAMPLING_BATCH } from "./rollouts.ts";

/** A training whose bank of rollouts the policy refreshes. */
export interface OnPolicyOptions {
  /** Folder of the stage: a refreshed bank is kept there until the stage is finished. */
  readonly folder: string;
  readonly seed: number;
  /** Optimizer steps on one bank. */
  readonly every: number;
  /** Optimizer steps in all. */
  readonly steps: number;
  readonly state: TrainState;
  readonly policy: VelocityFamily;
  /** The bank of the reference, from which the policy starts. */
  readonly first: RolloutBank;
  /** Trains to a step on a bank. */
  train(bank: RolloutBank, until: number, reports: readonly StepReport[]): AsyncGenerator<StepReport>;
}

/**
 * Trains in stretches, each on a bank that the policy sampled at its beginning, with new noise.
 *
 * A bank is written before the first step on it: a training that goes on from its checkpoint finds the bank that the
 * policy of then made.
 */
export async function* trainOnPolicy(context: RunContext, options: OnPolicyOptions): AsyncGenerator<StepReport> {
  const { every, steps, state, first, folder } = options;
  const reports: StepReport[] = [];
  while (state.step < steps) {
    const stretch = Math.floor(state.step / every), until = Math.min(steps, (stretch + 1) * every);
    const bank = stretch === 0 ? first : await refreshed(context, options, join(folder, `bank-${stretch}.safetensors`));
    if (!bank) return; // stopped
    for await (const report of options.train(bank, until, reports)) {
      reports.push(report);
      yield report;
    }
    if (state.step < until) return;
  }
}

async function refreshed(
  { settings: { rollouts }, train, signal }: RunContext,
  { state, policy, first, every, seed }: OnPolicyOptions,
  path: string,
): Promise<RolloutBank | null> {
  if (await Deno.stat(path).then(() => true, () => false)) return await loadRollouts(path);
  if (signal.aborted) return null;
  const bank = await buildRolloutBank({
    field: policy(state.params),
    pairs: train,
    images: first.images,
    draws: rollouts.draws,
    steps: first.steps,
    // Another noise in every stretch; no other run of the experiment has this seed.
    seed: 1_000_003 * Math.floor(state.step / every) + seed,
    batchSize: SAMPLING_BATCH,
  });
  await saveRollouts(path, bank);
  return bank;
}
