/**
 * Networks as velocity fields: the small transformer, FLUX and UNets, each one code at any width; the autoencoders and
 * text encoders that they need.
 *
 * @module
 */
export * from "./autoencoder/mod.ts";
export * from "./text/mod.ts";
export * from "./unet/mod.ts";
export type { Backbone, Network, VelocityField } from "./backbone.ts";
export { type BlockTensors, checkpointBlock } from "./checkpoint_block.ts";
export { alphasCumprod, timeOfTimestep, timestepOf } from "./diffusion_schedule.ts";
export { fluxForward, type FluxInputs, type FluxOptions, jointDoubleBlock } from "./flux.ts";
export { fluxBackbone } from "./flux_backbone.ts";
export { doubleBlock, type FluxPass, type FluxStreams, modulations, singleBlock } from "./flux_blocks.ts";
export { deriveFluxConfig } from "./flux_derived.ts";
export { FLUX_DEV, type FluxConfig, fluxWidth, parseFluxConfig } from "./flux_config.ts";
export { type FluxBackboneOptions } from "./flux_field.ts";
export { estimateFlux, type FluxRun, fluxTensors } from "./flux_memory.ts";
export {
  type MemoryEstimate,
  memoryLine,
  type NetworkRun,
  partsLine,
  splitWeights,
  withParts,
} from "./memory_estimate.ts";
export { countShapes, fluxLinears, fluxShapes, fluxTargets } from "./flux_shapes.ts";
export { initTransformer } from "./init.ts";
export { countLora, diffusersTargets, paperTargets, type TargetSet, targetSets } from "./lora_targets.ts";
export { packLatents, unpackLatents } from "./latents.ts";
export { patchify, unpatchify } from "./patches.ts";
export { type AsyncVelocityField, type StreamedBackbone, streamedFlux } from "./streamed_flux.ts";
export { StreamedPass } from "./streamed_pass.ts";
export { type SmallConfig, smallFluxConfig, smallTransformer } from "./small.ts";
export { widenInput } from "./widen.ts";
