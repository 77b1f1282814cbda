import type { GivenConfig } from "asasr/experiment/mod.ts";

/** Table 8: needs the frames and the outputs of every method on them. */
export const config: GivenConfig = {
  name: "table8",
  title: "Table 8: old films",
  claim: "ASASR is best in every no-reference metric on frames of old films.",
  command:
    "npx -y deno@2.9.6 task evaluate --sr OUTPUTS --metrics niqe,maniqa,musiq,clipiqaPlus --weights METRIC_WEIGHTS",
  cost: "one evaluation a method",
  needs: "the frames of Bringing Old Films Back to Life, and outputs of the published methods and of ASASR on them",
  departures: [
    "Networks trained here at small scale would say nothing about methods on FLUX.1-dev: no number is put in their place.",
  ],
  paper: [{
    "caption": "Table 8 of the paper, as printed.",
    "columns": ["method", "NIQE", "MANIQA", "MUSIQ", "CLIPIQA+"],
    "rows": [
      ["DP2O-SR", 5.42, 0.2621, 32.32, 0.5195],
      ["SeeSR", 5.88, 0.1159, 36.7, 0.2819],
      ["DreamClear", 4.97, 0.3842, 45.58, 0.4271],
      ["DiT4SR", 4.51, 0.4694, 52.67, 0.5004],
      ["ASASR", 4.46, 0.5036, 54.42, 0.6078],
    ],
  }],
};
