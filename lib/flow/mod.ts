/**
 * Flow matching: its spaces, the straight path (Eq. 1), its loss (Eq. 2), ODE solvers, sampling and supervised training.
 *
 * @module
 */
export { autoencoderCodec, type AutoencoderCodecOptions, type Codec, pixelCodec } from "./codec.ts";
export { frozen } from "./frozen.ts";
export { linearPath, type PathPoint, predictEnd } from "./path.ts";
export { flowMatchingLoss, type LossMetric } from "./loss.ts";
export { drawTimes, TIME_MARGIN, type TimeLaw } from "./times.ts";
export { drawNoise } from "./noise.ts";
export { allImages, chooseImages, drawImages, type DrawKey, itemsOf } from "./draws.ts";
export { drawFlowBatch, type FlowBatch, type FlowBatchOptions } from "./batch.ts";
export { euler, heun, midpoint, type Solver } from "./solvers.ts";
export { integrate, PAPER_STEPS, sampleEuler, sampleHeun, sampleMidpoint } from "./integrate.ts";
export { sample, type Sampler, type SampleRequest, traceSampler } from "./sampler.ts";
export { mix, posteriorMean, samplePosteriorMean } from "./posterior.ts";
export { adapterOn, type AdapterScale, fullWeights, type VelocityFamily } from "./family.ts";
export type { TrainingRun } from "./training_run.ts";
export { sft, type SftOptions } from "./sft.ts";
