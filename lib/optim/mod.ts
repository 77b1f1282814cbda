/** AdamW as PyTorch has it, learning-rate schedules, clipping, and the one training loop. @module */
export { adamW, learningRateAt, stepScalars } from "./adamw.ts";
export type { Moments, StepScalars } from "./adamw.ts";
export { clipByNorm, globalNorm, lossGradients } from "./gradients.ts";
export type { Differentiate, Loss, LossGradients } from "./gradients.ts";
export { resolveAdamW } from "./options.ts";
export type { AdamWOptions, ResolvedAdamW } from "./options.ts";
export { scheduleFactor } from "./schedule.ts";
export type { Decay, Schedule } from "./schedule.ts";
export { createTrainState, disposeTrainState } from "./state.ts";
export type { TrainState } from "./state.ts";
export { loadTrainState, saveTrainState } from "./state_file.ts";
export { train } from "./train.ts";
export type { TrainOptions } from "./train.ts";
export type { BatchMaker } from "./training_step.ts";
