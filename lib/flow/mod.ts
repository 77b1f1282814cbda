/**
 * Flow matching: its spaces, the straight path (Eq. 1) and that of diffusion models, the loss (Eq. 2), solvers and their
 * steps, sampling, also in tiles, and supervised training.
 *
 * @module
 */
export { autoencoderCodec, type AutoencoderCodecOptions, type Codec, pixelCodec } from "./codec.ts";
export { frozen } from "./frozen.ts";
export { linearPath, type PathPoint, predictEnd, type ProbabilityPath, straightPath } from "./path.ts";
export { type Mixture, mixtureAt, variancePreservingPath } from "./variance_preserving.ts";
export { flowMatchingLoss, type LossMetric } from "./loss.ts";
export { drawTimes, TIME_MARGIN, type TimeLaw } from "./times.ts";
export { drawNoise, noiseField } from "./noise.ts";
export { allImages, chooseImages, drawImages, type DrawKey, itemsOf } from "./draws.ts";
export { drawFlowBatch, type FlowBatch, type FlowBatchOptions } from "./batch.ts";
export { euler, heun, midpoint, type Solver } from "./solvers.ts";
export { ddim, eulerDiscrete } from "./diffusion_solvers.ts";
export {
  diffusionGrid,
  diffusionTimesteps,
  type DynamicShift,
  flowMatchGrid,
  type FlowShift,
  FLUX_SHIFT,
  fluxShift,
} from "./time_grids.ts";
export { integrate, PAPER_STEPS, sampleEuler, sampleHeun, sampleMidpoint } from "./integrate.ts";
export { awaitedNetwork, type AwaitedValue, isAwaited, Replay } from "./awaited.ts";
export { awaitGradients } from "./await_gradients.ts";
export { type SolverStep, solverStep } from "./solver_step.ts";
export { sample, type Sampler, type SampleRequest, traceSampler } from "./sampler.ts";
export { type TileAxis, tileAxis, type TileGrid, tileGrid, type TileOptions, tileWeights } from "./tiles.ts";
export { countTiles, type HostImage, mapTiles, type TileMap } from "./tile_map.ts";
export { type TiledSampler, type TiledSampleRequest, traceTiledSampler } from "./tiled_sampler.ts";
export { mix, posteriorMean, samplePosteriorMean } from "./posterior.ts";
export { adapterOn, type AdapterScale, fullWeights, type VelocityFamily } from "./family.ts";
export type { RestorationModel } from "./restoration_model.ts";
export { type LoopSettings, loopSettings, type TrainingRun } from "./training_run.ts";
export { sft, type SftOptions } from "./sft.ts";
