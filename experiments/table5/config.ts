import type { MeasurementConfig } from "asasr/experiment/mod.ts";

/** Table 5: seconds, FLOP, memory and utilisation, measured where they can be. */
export const config: MeasurementConfig = {
  name: "table5",
  title: "Table 5: cost",
  claim: "FLUX.1-dev takes 19.6 s, 33.02 GB and 2.85 PFLOP an image on an A800 at 46.6 % of its peak.",
  command:
    "npx -y deno@2.9.6 task ablation --only table5 --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS",
  cost: "minutes and 2 GiB of memory; the row of FLUX.1-dev as a whole needs its weights and a GPU",
  measure: "cost",
  departures: [
    "Measured are the small transformer and single blocks of FLUX.1-dev with random weights; nothing is extrapolated to the whole network.",
    "Utilisation is against the measured rate of a large matrix product on the same machine, the paper against the printed peak of an A800.",
    "Times differ from run to run: results.json of this experiment has not the same bytes twice.",
  ],
};
