import type { MeasurementConfig } from "asasr/experiment/mod.ts";

/** Prop. 4.1: the closed form against other directions, and against a free descent (first part of Prop. 4.2). */
export const config: MeasurementConfig = {
  name: "prop41",
  title: "Proposition 4.1: the optimal perturbation on a Sobolev ball",
  claim:
    "The perturbation of Eq. 19 has H^s norm epsilon and lowers the residual energy most to first order; an unconstrained adversary converges to it.",
  command:
    "npx -y deno@2.9.6 task ablation --only prop41 --preset small --data TRAINING_PHOTOGRAPHS --test TEST_PHOTOGRAPHS",
  cost: "minutes beside the reference, which it shares with table3",
  measure: "closed form",
  departures: [
    "The paper states and proves; it measures nothing. Here the statements are checked on the trained references, on held-out crops at times of 0.05 to 0.95.",
    "Two readings of the target velocity are measured: fixed, as in the preference loss, and moving with the state, as in App. A.1.",
    "Frequencies are in radians with raw weights, not the integer indices with mean-1 weights that training uses: with those the ball holds low frequencies alone, and ratios to the Euclidean direction are far larger.",
    "The statements are judged on the smallest ball, as they are of first order; the table holds the larger ones, where the first order and the free descent drift apart. That the closed form has norm epsilon is an identity, shown in the table and not judged.",
  ],
};
