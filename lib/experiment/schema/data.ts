import { z } from "zod";
import { type DegradationPreset, degradationPresets } from "../../dataset/mod.ts";
import { count, type Fields } from "./fields.ts";

/** Which images, which crops of them, and how they are degraded. */
export interface DataSettings {
  /** Side of the HR crops in pixels, a multiple of 32. */
  readonly size: number;
  /** HR pixels per LR pixel, along a side. */
  readonly scale: 4;
  /** How LR is made of HR; `hard` is the paper's second-order pipeline. */
  readonly degradation: DegradationPreset;
  /** Crops to train on, the same for every stage and seed. */
  readonly trainCrops: number;
  /** Crops for the strips drawn during a training, from images that no training crop comes from. */
  readonly validationCrops: number;
  /** Crops that every arm and control is measured on. */
  readonly testCrops: number;
  /** Side, in HR pixels, of the window around a crop that is degraded with it; at least 64. */
  readonly context: number;
  /** Folders of training photographs; with none, procedural images. */
  readonly train: readonly string[];
  /** Folders of test photographs; with none, a fifth of the training photographs is kept apart. */
  readonly test: readonly string[];
  /** Procedural images to make where there are no photographs; at least 4. */
  readonly proceduralImages: number;
  /** Seed of images, crops and degradations; the seeds of the run do not change them. */
  readonly seed: number;
}

export const dataSchema = z.strictObject(
  {
    size: z.int().min(32).multipleOf(32).default(1024),
    scale: z.literal(4).default(4),
    degradation: z.enum(degradationPresets).default("hard"),
    trainCrops: count.default(3000),
    validationCrops: count.default(64),
    testCrops: count.default(3000),
    context: z.int().min(64).default(1024),
    train: z.array(z.string()).default([]),
    test: z.array(z.string()).default([]),
    proceduralImages: z.int().min(4).default(64),
    seed: z.int().min(0).default(0),
  } satisfies Fields<DataSettings>,
);
