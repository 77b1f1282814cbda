import type { ExperimentConfig } from "asasr/experiment/mod.ts";
import { arms, finalArms } from "./arms.ts";

/** Compute-matched and training-free controls of both phases. */
export const controls = ["sft", "sft-continued", "sft-matched", "sft@16", "sft-mix@0.8"];

/** Departures of both phases. */
export const departures = [
  "Not in the paper: it compares arms at one step count and never with other samplings of its reference.",
  "LPIPS and DISTS need weights that are not part of the project (`--metric-weights`): without them realism is the sliced Wasserstein patch distance and the high-frequency ratio.",
];

/** The frontier: does anything lie above what untouched sampling of the reference can reach? */
export const config: ExperimentConfig = {
  name: "frontier",
  title: "Frontier: arms at equal realism",
  claim:
    "At equal realism, is any arm better than the reference with other step counts or mixed with its posterior mean?",
  own: true,
  command:
    "npx -y deno@2.9.6 task ablation --only frontier --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS --keep-cells",
  cost: "preset small: 5 backbones, 504 test crops, 8 tuned arms; hours on two cores, seed by seed with --keep-cells",
  arms: Object.fromEntries(finalArms.map((id) => [id, arms[id]])),
  controls,
  claims: [],
  paperTables: [],
  departures: [
    ...departures,
    "The arms were fixed on validation crops of one backbone. Table 3 had measured the paper's arm and the rollouts at s = 0.5 on crops of the same test photographs, where they are Kodak's: for these arms it is no first look.",
    "A place beside the frontier is judged arm by arm; p-values of the offsets are corrected by Holm over all arms of the run.",
  ],
  settings: { evaluation: { armMixes: [0.8] } },
  presetSettings: { small: { data: { testCrops: 504 }, seeds: [0, 1, 2, 3, 4] } },
};
