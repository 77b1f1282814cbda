import { resolveTrainSettings, type TrainSettings, type TrainSettingsInput } from "asasr/experiment/mod.ts";

/** The generators of Table 6, and FLUX. */
export type Generator = "flux" | "sd15" | "sdxl";

/** How one stage of a tiny network is optimised. */
const stage = { batchSize: 8, accumulation: 1, warmup: 5, learningRate: 3e-3, weightDecay: 0 };

const tiny: Omit<TrainSettingsInput, "backbone"> = {
  dtype: "f32",
  checkpointing: false,
  size: 32,
  context: 64,
  crops: 24,
  degradation: "mild",
  lora: { rank: 8, alpha: 8 },
  sft: { ...stage, steps: 120 },
  adversary: { ...stage, steps: 120 },
  asdpo: { ...stage, steps: 60, learningRate: 2e-4, rho: 0.5 },
  strips: { crops: 2, steps: 4, count: 1 },
};

const generators: readonly Generator[] = ["sd15", "sdxl", "flux"];

/** Table 6: the procedure on other generators. Tiny networks with random weights stand in for the published ones. */
export const config = {
  name: "table6",
  title: "Table 6: other generators",
  claim: "The same procedure runs on FLUX, SD1.5 and SDXL, and the loss of every stage falls.",
  command: "npx -y deno@2.9.6 task table6",
  cost: "about 2 minutes on two cores; needs the weights of SD1.5 and SDXL for the paper's own table",
  departures: ["Tiny networks with random weights stand in for the published generators."],
  caveat:
    "Random tiny weights can learn nothing real: no image quality is measured and nothing of Table 6 is reproduced.",
  generators,
  /** By generator, resolved. */
  settings: Object.fromEntries(
    generators.map((backbone) => [backbone, resolveTrainSettings({ ...tiny, backbone })]),
  ) as Readonly<Record<Generator, TrainSettings>>,
};
