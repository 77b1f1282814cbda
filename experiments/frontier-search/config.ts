import type { ExperimentConfig } from "asasr/experiment/mod.ts";
import { arms } from "../frontier/arms.ts";
import { controls, departures } from "../frontier/config.ts";

/** The search before the frontier: every candidate on validation crops, with two backbones. */
export const config: ExperimentConfig = {
  name: "frontier-search",
  title: "Frontier: the search on validation crops",
  claim: "Which arms are worth judging on test crops? Nothing here is a result.",
  own: true,
  command:
    "npx -y deno@2.9.6 task ablation --only frontier-search --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS --keep-cells",
  cost: "preset small: 2 backbones, 192 validation crops, 18 tuned arms; SFT and artifacts are shared with table3",
  arms,
  controls,
  claims: [],
  paperTables: [],
  departures,
  settings: { evaluation: { split: "validation", armMixes: [0.8] } },
  presetSettings: { small: { data: { validationCrops: 192 }, seeds: [0, 1] } },
};
