import { z } from "zod";

/** A whole number of at least one. */
const count = z.int().min(1);
/** A learning rate or another small positive number. */
const positive = z.number().positive();
const fraction = z.number().min(0).max(1);

/** How one network is optimised. The defaults are the paper's (App. C.1) and, where it is silent, PyTorch's. */
const optimization = {
  /** Optimizer steps. */
  steps: count,
  /** Images in a micro-batch. */
  batchSize: count.default(8),
  /** Micro-batches in an optimizer step. The paper's 512 are 8 images x 8 micro-batches x 8 GPUs. */
  accumulation: count.default(8),
  learningRate: positive,
  betas: z.tuple([fraction, fraction]).default([0.9, 0.999]),
  weightDecay: z.number().min(0).default(0.01),
  /** Steps of linear warm-up. */
  warmup: z.int().min(0).default(200),
  decay: z.enum(["constant", "linear", "cosine"]).default("constant"),
  /** Where the decay ends, as a fraction of the learning rate. */
  floor: fraction.default(0),
  /** Global gradient norm that is clipped to; null switches clipping off. */
  clipNorm: positive.nullable().default(1),
};

const data = z.strictObject({
  /** Side of the HR crops, in pixels. */
  size: z.int().min(32).multipleOf(32).default(1024),
  scale: z.literal(4).default(4),
  degradation: z.enum(["hard", "soft", "mild", "none"]).default("hard"),
  trainCrops: count.default(3000),
  validationCrops: count.default(64),
  testCrops: count.default(3000),
  /** HR pixels around a crop that are degraded with it. */
  context: z.int().min(64).default(1024),
  /** Photographs, or with none the procedural images of lib/dataset. */
  train: z.array(z.string()).default([]),
  test: z.array(z.string()).default([]),
  /** Procedural images made where there are no photographs. */
  proceduralImages: z.int().min(4).default(64),
  seed: z.int().min(0).default(0),
});

const backbone = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("small"),
    width: z.int().multipleOf(8).default(96),
    heads: count.default(4),
    doubleBlocks: count.default(2),
    singleBlocks: count.default(2),
  }),
  z.strictObject({ kind: z.literal("flux") }),
]);

const sft = z.strictObject({
  ...optimization,
  steps: count.default(10_000),
  learningRate: positive.default(5e-5),
  timeSampling: z.enum(["uniform", "logit-normal"]).default("uniform"),
  /** Random horizontal and vertical flips. */
  flips: z.boolean().default(true),
});

const lora = z.strictObject({ rank: count.default(16), alpha: positive.default(16) });

const artifacts = z.strictObject({
  /** Share of the training crops that the adversary learns from. */
  fraction: fraction.default(0.25),
  restorerWidth: count.default(32),
  restorerSteps: count.default(700),
  /** Strength of the unsharp mask that makes the restorer over-sharpened. */
  sharpen: z.number().min(0).default(1.2),
  /** SFT step whose weights are the under-trained sampler. */
  undertrainedStep: count.default(225),
  undertrainedSamplerSteps: count.default(4),
});

const adversary = z.strictObject({
  ...optimization,
  steps: count.default(2000),
  learningRate: positive.default(5e-5),
});

const alignment = z.strictObject({
  ...optimization,
  steps: count.default(1000),
  learningRate: positive.default(1e-5),
  beta: positive.default(2000),
  /** Factor of the loser's gap inside the sigmoid; 1 is Eq. 18. */
  rho: fraction.default(1),
  frequencyUnit: z.enum(["index", "rad", "unit", "cyc"]).default("index"),
  reduction: z.enum(["mean", "sum"]).default("mean"),
  /** Largest winner energy gap (mean of the last `healthWindow` steps) of a healthy run. */
  healthLimit: positive.default(0.01),
  healthWindow: count.default(20),
});

const rollouts = z.strictObject({
  images: count.default(400),
  draws: count.default(4),
  steps: count.default(16),
});

const evaluation = z.strictObject({
  steps: count.default(28),
  /** Euler step counts of the SFT frontier. */
  frontierSteps: z.array(count).default([2, 4, 8, 12, 16, 28, 40]),
  midpointSteps: z.array(count).default([4]),
  /** Weights of the sample in its mix with the posterior mean. */
  mixes: z.array(fraction).default([0.9, 0.8, 0.7, 0.6, 0.5]),
  /** One-step predictions averaged into the posterior mean. */
  posteriorDraws: count.default(4),
  /** Crops shown in the strips. */
  stripCrops: count.default(6),
});

/** What a run computes: every number that can change a result. Defaults are the paper's; presets override them. */
export const settingsSchema: z.ZodType<Settings, unknown> = z.strictObject({
  data: data.prefault({}),
  backbone: backbone.prefault({ kind: "flux" }),
  sft: sft.prefault({}),
  lora: lora.prefault({}),
  artifacts: artifacts.prefault({}),
  adversary: adversary.prefault({}),
  alignment: alignment.prefault({}),
  rollouts: rollouts.prefault({}),
  evaluation: evaluation.prefault({}),
  seeds: z.array(z.int().min(0)).min(1).default([0, 1, 2]),
  /** Intra-op threads of the engine; they decide the last bits. */
  threads: count.default(2),
});

/** Fully resolved settings. */
export interface Settings {
  data: z.output<typeof data>;
  backbone: z.output<typeof backbone>;
  sft: z.output<typeof sft>;
  lora: z.output<typeof lora>;
  artifacts: z.output<typeof artifacts>;
  adversary: z.output<typeof adversary>;
  alignment: z.output<typeof alignment>;
  rollouts: z.output<typeof rollouts>;
  evaluation: z.output<typeof evaluation>;
  seeds: number[];
  threads: number;
}

/** Settings as a config or preset writes them: only what differs from the defaults. */
export interface SettingsInput {
  data?: z.input<typeof data>;
  backbone?: z.input<typeof backbone>;
  sft?: z.input<typeof sft>;
  lora?: z.input<typeof lora>;
  artifacts?: z.input<typeof artifacts>;
  adversary?: z.input<typeof adversary>;
  alignment?: z.input<typeof alignment>;
  rollouts?: z.input<typeof rollouts>;
  evaluation?: z.input<typeof evaluation>;
  seeds?: number[];
  threads?: number;
}
