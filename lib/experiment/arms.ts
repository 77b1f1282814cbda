import { z } from "zod";
import { count, type Fields, fraction, sobolevIndex } from "./schema/mod.ts";

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

/** The reference with further supervised steps on an adapter: as many as the alignment has, or as its compute pays for. */
export interface FinetuneArm extends ArmText {
  /** Names this kind. */
  readonly method: "finetune";
  /** Sobolev index of the loss, from 0 (plain flow matching) to 6. */
  readonly sobolevIndex: number;
  /** With "compute", as many steps as take the network passes of adversary and alignment together. */
  readonly matches?: "compute";
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
  /** What the adversary learned to imitate, where it is not artifacts: the reference's own samples, on their own noise. */
  readonly imitates?: "rollouts";
  /** Euler steps of the rollouts, where they are not those of the settings. */
  readonly rolloutSteps?: number;
  /** For rollouts: banks in equal stretches of the training, each but the first sampled by the policy of then; 1 without. */
  readonly banks?: number;
  /** Optimizer steps as a multiple of the settings'; 1 without. */
  readonly lengthen?: number;
}

/** The reference with its mix of a sample and the posterior mean distilled into one adapter, along the sample's noise. */
export interface DistillArm extends ArmText {
  /** Names this kind. */
  readonly method: "distill";
  /** Weight of the sample in the mix, in [0, 1]; the rest is the posterior mean. */
  readonly weight: number;
  /** Euler steps of the sample, where they are not those of the settings. */
  readonly rolloutSteps?: number;
  /** Optimizer steps as a multiple of the settings'; 1 without. */
  readonly lengthen?: number;
}

/** One column of an ablation: how the reference is tuned. All other numbers come from the run's settings. */
export type Arm = SftArm | FinetuneArm | PreferenceArm | DistillArm;

/** An arm as a config writes it: method, label and what differs from the defaults. */
export type ArmInput =
  | Pick<SftArm, "method" | "label"> & Partial<SftArm>
  | Pick<FinetuneArm, "method" | "label"> & Partial<FinetuneArm>
  | Pick<PreferenceArm, "method" | "label"> & Partial<PreferenceArm>
  | Pick<DistillArm, "method" | "label" | "weight"> & Partial<DistillArm>;

const text = { label: z.string().min(1), description: z.string().default("") };

/** Checks an arm and fills in what is left out: an index of 0 for supervised arms, the paper's method for the others. */
export const armSchema: z.ZodType<Arm, ArmInput> = z.discriminatedUnion("method", [
  z.strictObject({ ...text, method: z.literal("sft") } satisfies Fields<SftArm>),
  z.strictObject(
    {
      ...text,
      method: z.literal("finetune"),
      sobolevIndex: sobolevIndex.default(0),
      matches: z.literal("compute").optional(),
    } satisfies Fields<FinetuneArm>,
  ),
  z.strictObject(
    {
      ...text,
      method: z.literal("preference"),
      sobolevIndex: sobolevIndex.default(1.5),
      negatives: z.enum(["adversary", "static", "self", "rollout"]).default("adversary"),
      noise: z.enum(["own", "fresh"]).default("own"),
      adversaryRank: count.optional(),
      imitates: z.literal("rollouts").optional(),
      rolloutSteps: count.optional(),
      banks: count.optional(),
      lengthen: count.optional(),
    } satisfies Fields<PreferenceArm>,
  ),
  z.strictObject(
    {
      ...text,
      method: z.literal("distill"),
      weight: fraction,
      rolloutSteps: count.optional(),
      lengthen: count.optional(),
    } satisfies Fields<DistillArm>,
  ),
]);

/** The supervised reference. */
export const sftArm: ArmInput = {
  method: "sft",
  label: "SFT",
  description: "The reference: supervised flow matching.",
};

/** The controls without preference: more training for as many steps as the alignment, and for its whole compute. */
export const continuedArms: Readonly<Record<"sft-continued" | "sft-matched", ArmInput>> = {
  "sft-continued": {
    method: "finetune",
    label: "SFT continued",
    description: "Supervised LoRA for as many steps as the alignment: more training alone.",
  },
  "sft-matched": {
    method: "finetune",
    matches: "compute",
    label: "SFT continued, equal compute",
    description: "Supervised LoRA for as many passes of the network as adversary and alignment take together.",
  },
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

/** Says whether an arm uses samples of the reference, and with how many Euler steps. */
export function rolloutStepsOf(arm: Arm, otherwise: number): number | null {
  const used = arm.method === "distill" ||
    (arm.method === "preference" && (arm.negatives === "rollout" || arm.imitates === "rollouts"));
  return used ? arm.rolloutSteps ?? otherwise : null;
}

/** DPO against multi-step samples of the reference, on the noise that produced them or on a fresh one. */
export function rolloutArm(s: number, noise: "own" | "fresh", label: string): ArmInput {
  const description = `Preference tuning in H^${s} against samples of the reference, on ${
    noise === "own" ? "the noise that produced them" : "fresh noise"
  }.`;
  return { method: "preference", negatives: "rollout", noise, sobolevIndex: s, label, description };
}
