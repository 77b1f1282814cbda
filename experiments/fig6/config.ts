import { adversarialArm, continuedArms, type ExperimentConfig, sftArm, staticArm } from "asasr/experiment/mod.ts";

/** Fig. 6: spectra and log-spectral distance. */
export const config: ExperimentConfig = {
  name: "fig6",
  title: "Fig. 6: spectra and LSD",
  claim: "ASASR has the lowest log-spectral distance to the truth (27.35).",
  command:
    "npx -y deno@2.9.6 task ablation --only fig6 --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS",
  cost: "no training beside table3, with which it shares every arm",
  arms: {
    sft: sftArm,
    "sft-matched": continuedArms["sft-matched"],
    "static-sobolev": staticArm(1.5, "Static DPO, s = 1.5"),
    "euclidean-asdpo": adversarialArm(0, "Euclidean AS-DPO"),
    "sobolev-asdpo": adversarialArm(1.5, "Sobolev AS-DPO"),
  },
  controls: ["sft", "sft-matched", "sft@16", "sft@8"],
  claims: ["sft", "euclidean-asdpo", "static-sobolev"].map((worse) => (
    { metric: "lsdDb", better: "sobolev-asdpo", worse, paper: null }
  )),
  paperTables: [],
  departures: [
    "The paper compares with published methods on one image; here the arms of its own ablation stand in their place, on all test crops.",
    "The paper does not define its LSD; its values fit 20 ln|F| (LSD base e), and LSD in dB orders alike.",
  ],
};
