import { z } from "zod";
import { count, type Fields, sobolevIndex } from "./schema/mod.ts";

/** What every arm says about itself. */
export interface ArmText {
  /** Name in tables and figures. */
  readonly label: string;
  /** One sentence on what it is; may be empty. */
  readonly description: string;
}

/** The supervised reference itself. */
export interface SftArm extends ArmText {
  /** Names this kind. */
  readonly method: "sft";
}

/** The reference with further supervised steps, as many as the alignment has, on an adapter. */
export interface FinetuneArm extends ArmText {
  /** Names this kind. */
  readonly method: "finetune";
  /** Sobolev index of the loss, from 0 (plain flow matching) to 6. */
  readonly sobolevIndex: number;
}

/** The reference tuned by preference in H^s (Eqs. 15 and 18). */
export interface PreferenceArm extends ArmText {
  /** Names this kind. */
  readonly method: "preference";
  /** Sobolev index of the energies, from 0 (Euclidean) to 6; the paper uses 1.5. */
  readonly sobolevIndex: number;
  /**
   * Where the losers come from: the trained adversary (Eqs. 16-17), stored artifacts as they are, the reference in the
   * adversary's place, or multi-step samples of the reference.
   */
  readonly negatives: "adversary" | "static" | "self" | "rollout";
  /** For rollouts: the noise that produced them, or a new one. */
  readonly noise: "own" | "fresh";
  /** LoRA rank of the adversary, where it is not that of the settings. */
  readonly adversaryRank?: number;
}

/** One column of an ablation: how the reference is tuned. All other numbers come from the run's settings. */
export type Arm = SftArm | FinetuneArm | PreferenceArm;

/** An arm as a config writes it: method, label and what differs from the defaults. */
export type ArmInput =
  | Pick<SftArm, "method" | "label"> & Partial<SftArm>
  | Pick<FinetuneArm, "method" | "label"> & Partial<FinetuneArm>
  | Pick<PreferenceArm, "method" | "label"> & Partial<PreferenceArm>;

const text = { label: z.string().min(1), description: z.string().default("") };

/** Checks an arm and fills in what is left out: an index of 0 for supervised arms, the paper's method for the others. */
export const armSchema: z.ZodType<Arm, ArmInput> = z.discriminatedUnion("method", [
  z.strictObject({ ...text, method: z.literal("sft") } satisfies Fields<SftArm>),
  z.strictObject(
    { ...text, method: z.literal("finetune"), sobolevIndex: sobolevIndex.default(0) } satisfies Fields<FinetuneArm>,
  ),
  z.strictObject(
    {
      ...text,
      method: z.literal("preference"),
      sobolevIndex: sobolevIndex.default(1.5),
      negatives: z.enum(["adversary", "static", "self", "rollout"]).default("adversary"),
      noise: z.enum(["own", "fresh"]).default("own"),
      adversaryRank: count.optional(),
    } satisfies Fields<PreferenceArm>,
  ),
]);

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
