import type { GivenConfig } from "asasr/experiment/mod.ts";

/** Table 2: needs predictions on the outputs of every method; the command prints the paper beside them. */
export const config: GivenConfig = {
  name: "table2",
  title: "Table 2: downstream tasks",
  claim: "Text, objects and labels are read best from the results of ASASR.",
  command:
    "npx -y deno@2.9.6 task downstream --task coco --predictions METHOD=PREDICTIONS --annotations ANNOTATIONS --paper",
  cost: "one call a task and method",
  needs: "predictions of PaddleOCR, Mask R-CNN and SegFormer on the outputs of every method",
  departures: [
    "Networks trained here at small scale would say nothing about methods on FLUX.1-dev: no number is put in their place.",
  ],
};
