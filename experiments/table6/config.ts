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
  claim: "The method gains over SFT on SD1.5 and SDXL too: the gains do not rely on FLUX.",
  /** What is shown here in its place. */
  shown: "Here: the same procedure runs on FLUX, SD1.5 and SDXL, and the loss of every stage falls.",
  /** The paper's own numbers. */
  paper: {
    caption: "Table 6 of the paper, as printed.",
    columns: ["backbone", "method", "PSNR", "SSIM", "MANIQA", "CLIPIQA+"],
    rows: [
      ["SD1.5", "SFT", 18.52, 0.4873, 0.4236, 0.6142],
      ["SD1.5", "+SSR+AMG", 19.14, 0.5207, 0.4891, 0.6658],
      ["SDXL", "SFT", 19.31, 0.5284, 0.5473, 0.6824],
      ["SDXL", "+SSR+AMG", 19.92, 0.5681, 0.6104, 0.7289],
      ["FLUX", "SFT", 19.96, 0.5642, 0.6012, 0.7058],
      ["FLUX (ours)", "+SSR+AMG", 20.6, 0.6171, 0.6519, 0.7521],
    ],
  },
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
