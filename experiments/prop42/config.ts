import type { MeasurementConfig } from "asasr/experiment/mod.ts";

/** Prop. 4.2: trained adversaries on the ball, with and without the true image as input. */
export const config: MeasurementConfig = {
  name: "prop42",
  title: "Proposition 4.2: the parametric adversary",
  claim: "An adversary of sufficient capacity, trained on the ball, converges to the closed form pointwise.",
  command:
    "npx -y deno@2.9.6 task ablation --only prop42 --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS",
  cost: "preset small: five adversaries of 300 steps for each reference, which it shares with table3",
  measure: "parametric adversary",
  departures: [
    "No training of a finite network can contradict a statement about unlimited capacity: verdicts are on what these adversaries reach. Nearness is a cosine above 0.5, this project's choice.",
    "The paper proves it for unlimited capacity and measures nothing. Here low-rank adapters are trained on the ball for as many steps as the adversary of the arms.",
    "The paper gives the adversary state, time and low-quality image. The gradient of the energy has a conditional mean near zero given these, so adversaries that see the true image are trained beside it.",
  ],
};
