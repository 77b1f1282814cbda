import type { GivenConfig } from "asasr/experiment/mod.ts";

/** Figs. 1, 5 and 9 to 13: the same crop from the outputs of every method. */
export const config: GivenConfig = {
  name: "grids",
  title: "Figs. 1, 5 and 9 to 13: comparison grids",
  claim: "Visual comparisons on crops, with detections and text boxes drawn in.",
  command:
    "npx -y deno@2.9.6 task compare --lr INPUTS --hr TRUTHS --sr METHOD=OUTPUTS --image ID@X,Y,WIDTH,HEIGHT --out grid.png",
  cost: "seconds a picture",
  needs: "outputs of the published methods and of ASASR on the same images",
  departures: [
    "Networks trained here at small scale would say nothing about methods on FLUX.1-dev: no number is put in their place.",
  ],
};
