import { type Arm, rolloutStepsOf } from "./arms.ts";
import { CONTROLS } from "./cells/cell.ts";
import { completeSeed, missingCells, type SeedPlan } from "./cells/plan.ts";
import type { ResolvedExperiment } from "./config.ts";
import type { Settings } from "./schema/mod.ts";
import { needs } from "./needs.ts";
import { sourcesOf } from "./sources.ts";

/** Counts the stages of a run of which nothing is finished, for "stage 7 of 40". */
export function countStages({ arms, settings }: ResolvedExperiment): number {
  // The reference, and its evaluation with the controls.
  return countShared(arms, settings) + (2 + countSeedStages(arms, settings)) * settings.seeds.length;
}

/** Counts the stages that are left where some cells are finished; published restorers have run by then. */
export function countLeft(
  arms: Readonly<Record<string, Arm>>,
  settings: Settings,
  plans: readonly SeedPlan[],
): number {
  const left = plans.filter((plan) => completeSeed(plan) === null).map((plan) => missingCells(plan));
  const missing = left.map((ids) => Object.fromEntries(Object.entries(arms).filter(([id]) => ids.includes(id))));
  const restorer = missing.some((some) => needs(some, settings).smallRestorer);
  const perSeed = missing.map((some, i) => 1 + Number(left[i].includes(CONTROLS)) + countSeedStages(some, settings));
  return Number(restorer) + perSeed.reduce((sum, count) => sum + count, 0);
}

/** Counts the stages that all seeds share. */
function countShared(arms: Readonly<Record<string, Arm>>, settings: Settings): number {
  const { artifacts, smallRestorer } = needs(arms, settings);
  return Number(smallRestorer) + (artifacts ? sourcesOf(settings).restorers.length : 0);
}

/** Counts the stages of some arms at one seed: artifacts once; each arm, what it alone is made of, and its evaluation. */
export function countSeedStages(arms: Readonly<Record<string, Arm>>, settings: Settings): number {
  const tuned = Object.values(arms).filter(({ method }) => method !== "sft");
  const below = tuned.map((arm) =>
    Number(rolloutStepsOf(arm, 1) !== null) + Number(arm.method === "distill") +
    Number(arm.method === "preference" && arm.negatives === "adversary")
  );
  const { artifacts } = needs(arms, settings);
  return Number(artifacts && sourcesOf(settings).trained.length > 0) +
    below.reduce((sum, count) => sum + count, 2 * tuned.length);
}
