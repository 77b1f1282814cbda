import type { GivenConfig } from "asasr/experiment/mod.ts";

/** Table 7: needs the set and the outputs of every method on it. */
export const config: GivenConfig = {
  name: "table7",
  title: "Table 7: RealLQ250",
  claim: "ASASR is best in MANIQA, MUSIQ and CLIP-IQA+ on RealLQ250, second in NIQE.",
  command:
    "npx -y deno@2.9.6 task evaluate --sr OUTPUTS --metrics niqe,maniqa,musiq,clipiqaPlus --weights METRIC_WEIGHTS",
  cost: "one evaluation a method",
  needs: "RealLQ250, and outputs of the published methods and of ASASR on it",
  departures: [
    "Networks trained here at small scale would say nothing about methods on FLUX.1-dev: no number is put in their place.",
  ],
  paper: [{
    "caption": "Table 7 of the paper, as printed.",
    "columns": ["method", "NIQE", "MANIQA", "MUSIQ", "CLIPIQA+"],
    "rows": [
      ["DP2O-SR", 4.02, 0.4494, 69.87, 0.7042],
      ["SeeSR", 4.41, 0.4992, 70.57, 0.7104],
      ["DreamClear", 3.55, 0.4351, 66.76, 0.7116],
      ["DiT4SR", 4.35, 0.4094, 63.45, 0.6829],
      ["ASASR", 3.64, 0.5168, 71.16, 0.7202],
    ],
  }],
};
