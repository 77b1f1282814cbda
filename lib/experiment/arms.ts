import { z } from "zod";

const common = { label: z.string().min(1), description: z.string().default("") };
const sobolevIndex = z.number().min(0).max(6);

/**
 * One column of an ablation: how the reference is tuned. Numbers left out come from the run's settings.
 *
 * `sft` is the reference itself; `finetune` goes on with supervised steps, weighted by the Sobolev index; `preference`
 * is DPO in H^s (Eqs. 15 and 18), whose arms differ only in the index and in where the negatives come from.
 */
export const armSchema = z.discriminatedUnion("method", [
  z.strictObject({ ...common, method: z.literal("sft") }),
  z.strictObject({ ...common, method: z.literal("finetune"), sobolevIndex: sobolevIndex.default(0) }),
  z.strictObject({
    ...common,
    method: z.literal("preference"),
    sobolevIndex: sobolevIndex.default(1.5),
    /** `adversary`: Eqs. 16-17; `static`: artifacts as they are; `self`: the reference as its own adversary; `rollout`. */
    negatives: z.enum(["adversary", "static", "self", "rollout"]).default("adversary"),
    /** For rollouts: the noise that produced them, or a new one. */
    noise: z.enum(["own", "fresh"]).default("own"),
    /** LoRA rank of the adversary, where it is not that of the settings. */
    adversaryRank: z.int().min(1).optional(),
  }),
]);

/** A resolved arm. */
export type Arm = z.output<typeof armSchema>;
/** An arm as a config writes it. */
export type ArmInput = z.input<typeof armSchema>;

/** The supervised reference. */
export const sftArm: ArmInput = {
  method: "sft",
  label: "SFT",
  description: "The reference: supervised flow matching.",
};

/** Adversarial Sobolev DPO at index `s`; 0 is its Euclidean form. */
export function adversarialArm(s: number, label: string, adversaryRank?: number): ArmInput {
  const description = `Preference tuning in H^${s} against the trained adversary${
    adversaryRank ? ` of rank ${adversaryRank}` : ""
  }.`;
  return { method: "preference", negatives: "adversary", sobolevIndex: s, label, description, adversaryRank };
}

/** DPO against the artifacts themselves ("w/ supervised data", without the adversary) at index `s`. */
export function staticArm(s: number, label: string): ArmInput {
  const description = `Preference tuning in H^${s} against stored artifacts, without an adversary.`;
  return { method: "preference", negatives: "static", sobolevIndex: s, label, description };
}

/** DPO against multi-step samples of the reference, on the noise that produced them or on a fresh one. */
export function rolloutArm(s: number, noise: "own" | "fresh", label: string): ArmInput {
  const description = `Preference tuning in H^${s} against samples of the reference, on ${
    noise === "own" ? "the noise that produced them" : "fresh noise"
  }.`;
  return { method: "preference", negatives: "rollout", noise, sobolevIndex: s, label, description };
}
