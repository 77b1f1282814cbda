/** The UNets of SD1.5 and SDXL: noisy latents to their noise. @module */
export { unetBackbone, type UnetBackboneOptions } from "./backbone.ts";
export { SD15_UNET, SDXL_UNET, SIZE_COUNT, type UnetConfig, unetFactor } from "./config.ts";
export { unetEmbedding, type UnetEmbeddingInputs } from "./embedding.ts";
export { downLevel, middle, upLevel } from "./levels.ts";
export { estimateUnet, type UnetRun } from "./memory.ts";
export { runBlock, type UnetPass } from "./pass.ts";
export { parseUnetConfig } from "./published.ts";
export { unetShapes, unetTargets } from "./shapes.ts";
export { spatialTransformer } from "./transformer.ts";
export { unetForward, type UnetInputs, type UnetOptions } from "./unet.ts";
