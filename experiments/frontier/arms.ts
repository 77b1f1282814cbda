import { adversarialArm, type ArmInput, continuedArms, rolloutArm, sftArm } from "asasr/experiment/mod.ts";

/** Own-noise rollouts at s = 0.5 with something changed: the arm that a search at toy scale found above the frontier. */
function rollouts(label: string, changed: Partial<Extract<ArmInput, { method: "preference" }>>): ArmInput {
  return { ...rolloutArm(0.5, "own", `Rollouts, own noise, ${label}`), ...changed } as ArmInput;
}

/** An adversary that learned to imitate the reference's own samples on their own noise, at index `s`. */
function imitating(s: number): ArmInput {
  return {
    method: "preference",
    negatives: "adversary",
    imitates: "rollouts",
    sobolevIndex: s,
    label: `AS-DPO, adversary on rollouts, s = ${s}`,
    description: "The adversary imitates samples of the reference on their own noise, in place of artifacts.",
  };
}

/** The mix of a sample and the posterior mean, distilled into one policy: the competitor. */
function distilled(weight: number, lengthen?: number): ArmInput {
  return {
    method: "distill",
    weight,
    lengthen,
    label: `Mix ${weight} distilled${lengthen ? `, ${lengthen} x steps` : ""}`,
    description: `${weight} of a sample and the rest of the posterior mean, learned along the sample's noise.`,
  };
}

/** Every arm of the search. */
export const arms: Readonly<Record<string, ArmInput>> = {
  sft: sftArm,
  ...continuedArms,
  "sobolev-asdpo": adversarialArm(1.5, "Sobolev AS-DPO"),
  "rollout-own-0": rolloutArm(0, "own", "Rollouts, own noise, s = 0"),
  "rollout-own-0.25": rolloutArm(0.25, "own", "Rollouts, own noise, s = 0.25"),
  "rollout-own-0.5": rolloutArm(0.5, "own", "Rollouts, own noise, s = 0.5"),
  "rollout-own-1": rolloutArm(1, "own", "Rollouts, own noise, s = 1"),
  "rollout-fresh-0": rolloutArm(0, "fresh", "Rollouts, fresh noise, s = 0"),
  "rollout-fresh-0.5": rolloutArm(0.5, "fresh", "Rollouts, fresh noise, s = 0.5"),
  "rollout-4-steps": rollouts("4 steps", { rolloutSteps: 4 }),
  "rollout-8-steps": rollouts("8 steps", { rolloutSteps: 8 }),
  "rollout-28-steps": rollouts("28 steps", { rolloutSteps: 28 }),
  "rollout-longer": rollouts("3 x steps", { lengthen: 3 }),
  "rollout-refreshed": rollouts("3 x steps, 4 banks of the policy", { lengthen: 3, banks: 4 }),
  "adversary-rollouts-0": imitating(0),
  "adversary-rollouts-0.5": imitating(0.5),
  "distilled-mix": distilled(0.8),
  "distilled-mix-longer": distilled(0.8, 3),
};

/**
 * Arms of the final run, fixed after the search with its first backbone: the controls, the paper's method, the arm of the
 * toy-scale search with the ablation of its noise, the competitor, and what came out best on validation crops (the smaller
 * of the PSNR offsets at equal SWD and at equal high-frequency power) of the own-noise rollouts and of the adversaries that
 * imitate them.
 */
export const finalArms = [
  "sft",
  "sft-continued",
  "sft-matched",
  "sobolev-asdpo",
  "rollout-own-0.5",
  "rollout-own-1",
  "rollout-fresh-0.5",
  "adversary-rollouts-0.5",
  "distilled-mix",
];
