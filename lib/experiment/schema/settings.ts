import { z } from "zod";
import { alignmentSchema, type AlignmentSettings } from "./alignment.ts";
import { dataSchema, type DataSettings } from "./data.ts";
import { evaluationSchema, type EvaluationSettings } from "./evaluation.ts";
import { count, type Fields } from "./fields.ts";
import {
  adversarySchema,
  type AdversarySettings,
  artifactSchema,
  type ArtifactSettings,
  rolloutSchema,
  type RolloutSettings,
} from "./negatives.ts";
import {
  type BackboneInput,
  backboneSchema,
  type BackboneSettings,
  loraSchema,
  type LoraSettings,
} from "./networks.ts";
import { sftSchema, type SftSettings } from "./sft.ts";

/** What a run computes, fully resolved: every number that a config may change. */
export interface Settings {
  /** Images and crops. */
  readonly data: DataSettings;
  /** The generator. */
  readonly backbone: BackboneSettings;
  /** Training of the reference. */
  readonly sft: SftSettings;
  /** Size of the adapters. */
  readonly lora: LoraSettings;
  /** Sources of artifacts. */
  readonly artifacts: ArtifactSettings;
  /** Training of the adversary. */
  readonly adversary: AdversarySettings;
  /** Tuning of the arms. */
  readonly alignment: AlignmentSettings;
  /** Samples of the reference as negatives. */
  readonly rollouts: RolloutSettings;
  /** Sampling of the test crops. */
  readonly evaluation: EvaluationSettings;
  /** One backbone, and one of each arm, per seed; whole numbers of at least 0. */
  readonly seeds: readonly number[];
  /** Intra-op threads of the engine; they decide the last bits. */
  readonly threads: number;
}

/** Settings as a config or preset writes them: only what differs from the defaults. */
export interface SettingsInput {
  /** Images and crops. */
  readonly data?: Partial<DataSettings>;
  /** The generator; without it FLUX.1-dev. */
  readonly backbone?: BackboneInput;
  /** Training of the reference. */
  readonly sft?: Partial<SftSettings>;
  /** Size of the adapters. */
  readonly lora?: Partial<LoraSettings>;
  /** Sources of artifacts. */
  readonly artifacts?: Partial<ArtifactSettings>;
  /** Training of the adversary. */
  readonly adversary?: Partial<AdversarySettings>;
  /** Tuning of the arms. */
  readonly alignment?: Partial<AlignmentSettings>;
  /** Samples of the reference as negatives. */
  readonly rollouts?: Partial<RolloutSettings>;
  /** Sampling of the test crops. */
  readonly evaluation?: Partial<EvaluationSettings>;
  /** Seeds of the run. */
  readonly seeds?: readonly number[];
  /** Intra-op threads of the engine. */
  readonly threads?: number;
}

/** Checks settings and fills in what is left out: the paper's values where it prints them, which presets override. */
export const settingsSchema: z.ZodType<Settings, SettingsInput> = z.strictObject(
  {
    data: dataSchema.prefault({}),
    backbone: backboneSchema.prefault({ kind: "flux" }),
    sft: sftSchema.prefault({}),
    lora: loraSchema.prefault({}),
    artifacts: artifactSchema.prefault({}),
    adversary: adversarySchema.prefault({}),
    alignment: alignmentSchema.prefault({}),
    rollouts: rolloutSchema.prefault({}),
    evaluation: evaluationSchema.prefault({}),
    seeds: z.array(z.int().min(0)).min(1).default([0, 1, 2]),
    threads: count.default(2),
  } satisfies Fields<Settings>,
);
