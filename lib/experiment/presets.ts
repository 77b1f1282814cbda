import type { SettingsInput } from "./schema/mod.ts";

/** Names of the presets. */
export type PresetName = "smoke" | "small" | "paper";

/** A named size of run. */
export interface Preset {
  /** What it is for, one line. */
  readonly purpose: string;
  /** What it changes of the paper's values. */
  readonly settings: SettingsInput;
  /** Where it departs from the paper, beyond what its experiment says. */
  readonly departures: readonly string[];
}

/** What small models need where the paper's values were chosen for FLUX.1-dev (found in a prototype of this size). */
const smallScale = {
  backbone: { kind: "small", width: 96, heads: 4, doubleBlocks: 2, singleBlocks: 2 },
  sft: {
    batchSize: 32,
    accumulation: 1,
    learningRate: 2e-3,
    betas: [0.9, 0.99],
    weightDecay: 1e-4,
    warmup: 100,
    decay: "cosine",
    floor: 0.05,
    timeSampling: "logit-normal",
  },
  adversary: { batchSize: 32, accumulation: 1, learningRate: 1e-3, weightDecay: 0, warmup: 30, decay: "constant" },
  alignment: {
    batchSize: 16,
    accumulation: 1,
    learningRate: 3e-4,
    weightDecay: 0,
    warmup: 10,
    decay: "linear",
    rho: 0.5,
  },
} satisfies SettingsInput;

/**
 * How long and how fast the reference of `small` is trained: of 1,500 steps at 2e-3, 4,000 at 1e-3 and 4,000 at 2e-3 the best
 * in PSNR at 28 steps on validation crops of photographs (24.15, 25.52 and 25.72 dB, by a script that is not kept).
 * tests/experiment/programs/choose_sft.ts measures the same with seed 100 on crops of its own: 24.86 dB for the first,
 * 26.85 for the last.
 */
const SMALL_SFT = { steps: 4000, learningRate: 2e-3 };

/** Where artifacts come from if the settings name no sources. */
export const TRAINED_SOURCES =
  "The artifacts come from a small over-sharpened restorer, an under-trained sampler and a texture hallucinator trained here, in the places of Real-ESRGAN, SeeSR and SUPIR.";

const smallScaleDepartures = [
  "The generator is FLUX's architecture at small width on pixels, trained from scratch here, instead of FLUX.1-dev on latents: all its weights are the base, frozen after SFT; every arm is a LoRA on it.",
  "The loser's energy gap counts by rho = 0.5 inside the sigmoid (Eq. 18 has 1): with 1, in a prototype at this scale, both residuals grew and images collapsed.",
  "Energies are means with mean-1 Sobolev weights over integer DCT indices; the paper writes sums.",
  "Learning rates, steps and batch sizes are scaled to the model; AS-DPO's rate decays linearly to 0; SFT draws its times logit-normally.",
  "The adversary is a LoRA on the frozen reference, as there are no published weights below it.",
  TRAINED_SOURCES,
  "The adversary learns from a random 25 % of the training crops, which touch nearly every photograph; the paper takes 25 % of the images.",
  "SFT, its continuation and Sobolev-weighted SFT see flipped crops at logit-normal times; the preference arms see unflipped crops at uniform times, as Eq. 18 has them. Sobolev-weighted SFT is thus compared with SFT continued step for step, and with the preference arms by result alone.",
  "Degradation is the mild preset (one blur, one resize, noise, JPEG) on crops of 32 or 64 pixels, where the paper uses the second-order pipeline on 1024.",
];

/** The presets of `--preset`. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  smoke: {
    purpose: "Every arm, one seed, a few minutes: shows that everything works, not what is true.",
    settings: {
      ...smallScale,
      data: {
        size: 32,
        degradation: "mild",
        trainCrops: 768,
        validationCrops: 16,
        testCrops: 32,
        context: 256,
        proceduralImages: 48,
      },
      sft: { ...smallScale.sft, steps: 500, warmup: 50 },
      artifacts: { restorerSteps: 150, restorerWidth: 24, undertrainedStep: 120 },
      adversary: { ...smallScale.adversary, batchSize: 16, steps: 80, warmup: 10 },
      alignment: { ...smallScale.alignment, steps: 40, warmup: 5 },
      rollouts: { images: 96, draws: 2, steps: 16 },
      evaluation: { stripCrops: 5 },
      seeds: [0],
    },
    departures: [...smallScaleDepartures, "A smoke run is far too short to show which arm is better."],
  },
  small: {
    purpose: "Three backbones on 64-pixel crops, about an hour on two cores: the orderings and their intervals.",
    settings: {
      ...smallScale,
      data: {
        size: 64,
        degradation: "mild",
        trainCrops: 2048,
        validationCrops: 64,
        testCrops: 96,
        context: 256,
        proceduralImages: 96,
      },
      sft: { ...smallScale.sft, batchSize: 16, ...SMALL_SFT },
      artifacts: { restorerSteps: 700 },
      adversary: { ...smallScale.adversary, batchSize: 16, steps: 300 },
      alignment: { ...smallScale.alignment, steps: 100 },
      seeds: [0, 1, 2],
    },
    departures: smallScaleDepartures,
  },
  paper: {
    purpose: "The paper's values: FLUX.1-dev, 256 to 1024 pixels, 512 images a step.",
    settings: {},
    departures: [
      "The paper prints no number of steps, no rate of SFT, no clipping and no number of training images: these are this project's.",
    ],
  },
};
