import type { Arm } from "./arms.ts";
import type { ResolvedExperiment } from "./config.ts";
import type { Settings } from "./schema/mod.ts";
import { sourcesOf } from "./sources.ts";

/** The stages below the arms that some arm needs. */
export interface Needs {
  readonly artifacts: boolean;
  /** Whether a source of artifacts is made with the small restorer. */
  readonly smallRestorer: boolean;
  /** Ranks of the adversaries, ascending. */
  readonly adversaryRanks: readonly number[];
  readonly rollouts: boolean;
}

/** Says what the arms need. */
export function needs(arms: Readonly<Record<string, Arm>>, settings: Pick<Settings, "lora" | "artifacts">): Needs {
  const preferences = Object.values(arms).filter((arm) => arm.method === "preference");
  const adversarial = preferences.filter(({ negatives }) => negatives === "adversary");
  const ranks = new Set(adversarial.map(({ adversaryRank }) => adversaryRank ?? settings.lora.rank));
  const artifacts = adversarial.length > 0 || preferences.some(({ negatives }) => negatives === "static");
  return {
    artifacts,
    smallRestorer: artifacts && sourcesOf(settings).trained.some((name) => name !== "undertrained"),
    adversaryRanks: [...ranks].sort((a, b) => a - b),
    rollouts: preferences.some(({ negatives }) => negatives === "rollout"),
  };
}

/** Counts the stages of a run, for "stage 7 of 40". */
export function countStages({ arms, settings }: ResolvedExperiment): number {
  const { artifacts, smallRestorer, adversaryRanks, rollouts } = needs(arms, settings);
  const { trained, restorers } = sourcesOf(settings);
  const tuned = Object.values(arms).filter(({ method }) => method !== "sft").length;
  const perSeed = 2 + Number(artifacts && trained.length > 0) + adversaryRanks.length + Number(rollouts) + 2 * tuned;
  return Number(smallRestorer) + (artifacts ? restorers.length : 0) + perSeed * settings.seeds.length;
}
