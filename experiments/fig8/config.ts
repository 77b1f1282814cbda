import type { GivenConfig } from "asasr/experiment/mod.ts";

/** Fig. 8: needs people; the command serves the page and computes the Top-K ratios (Eq. 47). */
export const config: GivenConfig = {
  name: "fig8",
  title: "Fig. 8: user study",
  claim: "ASASR is ranked first in 91.1 % of the votes of 50 people on 64 images.",
  command: "npx -y deno@2.9.6 task study METHOD=OUTPUTS METHOD=OUTPUTS --lr INPUTS --images 64",
  cost: "people: 64 images each",
  needs: "raters, and outputs of seven methods on 64 images",
  paper: [{
    caption:
      "The paper's Fig. 8 (50 people, 64 images, 7 methods): shares of first places, in percent. It prints no other.",
    columns: ["method", "Top-1"],
    rows: [["ASASR", 91.1]],
  }],
  departures: [
    "Networks trained here at small scale would say nothing about methods on FLUX.1-dev: no number is put in their place.",
  ],
};
