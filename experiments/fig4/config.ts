import type { MeasurementConfig } from "asasr/experiment/mod.ts";

/** Fig. 4: artifacts, what the adversary makes of the truth, and the spectra of both. */
export const config: MeasurementConfig = {
  name: "fig4",
  title: "Fig. 4: targeted negatives",
  claim: "The adversary synthesises realistic structural artifacts, which serve as hard negatives.",
  command:
    "npx -y deno@2.9.6 task ablation --only fig4 --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS",
  cost: "shares every network with table3; seconds",
  measure: "negatives",
  departures: [
    "Pictures show training crops of the run; the artifacts come from this project, not from Real-ESRGAN, SeeSR and SUPIR.",
    "Whether artifacts look realistic is for people to judge: no verdict.",
  ],
};
