import type { Arm } from "./arms.ts";
import type { ResolvedExperiment } from "./config.ts";
import type { Settings } from "./schema/mod.ts";

/** The stages below the arms that some arm needs. */
export interface Needs {
  readonly artifacts: boolean;
  /** Ranks of the adversaries, ascending. */
  readonly adversaryRanks: readonly number[];
  readonly rollouts: boolean;
}

/** Says what the arms need. */
export function needs(arms: Readonly<Record<string, Arm>>, { lora }: Pick<Settings, "lora">): Needs {
  const preferences = Object.values(arms).filter((arm) => arm.method === "preference");
  const adversarial = preferences.filter(({ negatives }) => negatives === "adversary");
  const ranks = new Set(adversarial.map(({ adversaryRank }) => adversaryRank ?? lora.rank));
  return {
    artifacts: adversarial.length > 0 || preferences.some(({ negatives }) => negatives === "static"),
    adversaryRanks: [...ranks].sort((a, b) => a - b),
    rollouts: preferences.some(({ negatives }) => negatives === "rollout"),
  };
}

/** Counts the stages of a run, for "stage 7 of 40". */
export function countStages({ arms, settings }: ResolvedExperiment): number {
  const { artifacts, adversaryRanks, rollouts } = needs(arms, settings);
  const tuned = Object.values(arms).filter(({ method }) => method !== "sft").length;
  const perSeed = 2 + Number(artifacts) + adversaryRanks.length + Number(rollouts) + 2 * tuned;
  return Number(artifacts) + perSeed * settings.seeds.length;
}
