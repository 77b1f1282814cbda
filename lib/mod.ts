/**
 * A research environment for ASASR ("Coloring the Noise: Adversarial Sobolev Alignment for Faithful Image Super
 * Resolution"): flow model, Sobolev operators, adversary, AS-DPO, and the experiments that compare them.
 *
 * @module
 */
export * from "./engine/mod.ts";
export * from "./core/mod.ts";
export * from "./nn/mod.ts";
export * from "./optim/mod.ts";
export * from "./sobolev/mod.ts";
export * from "./image/mod.ts";
export * from "./dataset/mod.ts";
export * from "./weights/mod.ts";
export * from "./backbones/mod.ts";
export * from "./metrics/mod.ts";
export * from "./flow/mod.ts";
export * from "./restorers/mod.ts";
export * from "./adversary/mod.ts";
export * from "./asdpo/mod.ts";
export * from "./experiment/mod.ts";
export * from "./view/mod.ts";
