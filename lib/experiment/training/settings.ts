import { z } from "zod";
import { UsageError } from "../../core/mod.ts";
import type { TargetSet } from "../../backbones/mod.ts";
import type { DegradationPreset } from "../../dataset/mod.ts";
import { alignmentSchema, type AlignmentSettings } from "../schema/alignment.ts";
import { count, type Fields, positive, sobolevIndex } from "../schema/fields.ts";
import { adversarySchema, type AdversarySettings } from "../schema/negatives.ts";
import { sftSchema, type SftSettings } from "../schema/sft.ts";
import { conditioningFault } from "../models/conditioning.ts";
import { type ModelKind, modelKinds } from "../models/kinds.ts";

/** A step of the paper's procedure. */
export type TrainStage = "sft" | "adversary" | "asdpo";

/** The stages in their order. */
export const trainStages: readonly TrainStage[] = ["sft", "adversary", "asdpo"];

/** What a training of adapters on published weights computes, fully resolved. */
export interface TrainSettings {
  /** The network. */
  readonly backbone: ModelKind;
  /** How the low-resolution image enters it. */
  readonly conditioning: "token" | "channel";
  /** Side at which the condition is encoded, as a fraction of that of the truth; below 1 only for tokens. */
  readonly conditionScale: number;
  /** Guidance scale that FLUX.1-dev is told; the same for policy, reference and adversary. */
  readonly guidance: number;
  /** How the frozen weights are held. */
  readonly dtype: "bf16" | "f32";
  /** Run blocks again for their gradients instead of keeping their activations. */
  readonly checkpointing: boolean;
  /** Side of the HR crops in pixels. */
  readonly size: number;
  /** Crops to train on. */
  readonly crops: number;
  /** What degrades photographs; pairs of files are taken as they are. */
  readonly degradation: DegradationPreset;
  /** Side of the window that is degraded around a crop, in HR pixels. */
  readonly context: number;
  /** The adapters. */
  readonly lora: {
    /** Inner width. */
    readonly rank: number;
    /** The update counts by alpha / rank. */
    readonly alpha: number;
    /** Which layers. */
    readonly targets: TargetSet;
  };
  /** Sobolev index of the preference. */
  readonly sobolevIndex: number;
  /** Training of the reference. */
  readonly sft: SftSettings;
  /** Training of the adversary. */
  readonly adversary: AdversarySettings;
  /** Adversarial Sobolev DPO. */
  readonly asdpo: AlignmentSettings;
  /** Crops and Euler steps of a strip of samples, and how many strips a stage draws. */
  readonly strips: { readonly crops: number; readonly steps: number; readonly count: number };
  /** Seed of crops, noise, times and adapters. */
  readonly seed: number;
  /** Intra-op threads of the engine; they decide the last bits. */
  readonly threads: number;
}

/** Settings as a command or a config writes them: only what differs from the defaults. */
export type TrainSettingsInput =
  & { readonly backbone: ModelKind }
  & {
    readonly [K in Exclude<keyof TrainSettings, "backbone">]?: TrainSettings[K] extends object
      ? Partial<TrainSettings[K]>
      : TrainSettings[K];
  };

/** 512 images a step are 8 x 8 x 8 GPUs in the paper, and 8 x 64 on one machine. */
const paperBatch = { batchSize: 8, accumulation: 64 };

/** What depends on the network; the paper has 1024 pixels for all, SD1.5 knows 512. */
const defaults: Readonly<Record<ModelKind, Partial<TrainSettings>>> = {
  flux: { conditioning: "token", size: 1024, context: 1024, dtype: "bf16", checkpointing: true },
  sdxl: { conditioning: "channel", size: 1024, context: 1024, dtype: "bf16", checkpointing: true },
  sd15: { conditioning: "channel", size: 512, context: 512, dtype: "bf16", checkpointing: true },
  small: { conditioning: "channel", size: 64, context: 256, dtype: "f32", checkpointing: false, degradation: "mild" },
};

const schema: z.ZodType<TrainSettings, unknown> = z.strictObject(
  {
    backbone: z.enum(modelKinds),
    conditioning: z.enum(["token", "channel"]),
    conditionScale: z.number().positive().max(1).default(1),
    guidance: z.number().min(0).default(1),
    dtype: z.enum(["bf16", "f32"]),
    checkpointing: z.boolean(),
    size: z.int().min(16).multipleOf(16),
    crops: count.default(3000),
    degradation: z.enum(["hard", "soft", "mild", "none"]).default("hard"),
    context: z.int().min(64),
    lora: z.strictObject({
      rank: count.default(16),
      alpha: positive.default(16),
      targets: z.enum(["diffusers", "paper"]).default("diffusers"),
    }).prefault({}),
    sobolevIndex: sobolevIndex.default(1.5),
    sft: sftSchema,
    adversary: adversarySchema,
    asdpo: alignmentSchema,
    strips: z.strictObject({ crops: count.default(4), steps: count.default(28), count: count.default(5) }).prefault({}),
    seed: z.int().min(0).default(0),
    threads: count.default(2),
  } satisfies Fields<TrainSettings>,
).check(({ value, issues }) => {
  const fault = conditioningFault(value);
  if (fault === undefined) return;
  issues.push({ code: "custom", path: [fault.field], message: fault.rule, input: value[fault.field] });
});

/**
 * Fill in the defaults of a training: the paper's, where it prints them (App. C.1).
 *
 * Latents are not mirrored, since an autoencoder does not commute with mirrors: `sft.flips` is off by default.
 *
 * @throws {UsageError} If a key is unknown or a value out of range.
 */
export function resolveTrainSettings(input: TrainSettingsInput): TrainSettings {
  const merged = {
    ...defaults[input.backbone],
    ...input,
    sft: { ...paperBatch, flips: false, ...input.sft },
    adversary: { ...paperBatch, ...input.adversary },
    asdpo: { ...paperBatch, ...input.asdpo },
  };
  const result = schema.safeParse(merged);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const value = issue.path.reduce<unknown>((record, key) => (record as Record<PropertyKey, unknown>)?.[key], merged);
  throw new UsageError(
    `Cannot read settings of the training as ${issue.path.join(".") || "it"} does not fit (${issue.message}): ` +
      `current value is ${JSON.stringify(value)}`,
  );
}
