/** The autoencoders of FLUX, SD1.5 and SDXL: images to latents and back. @module */
export {
  decodeLatents,
  encodeImages,
  type Posterior,
  sampleLatents,
  scaleLatents,
  unscaleLatents,
} from "./autoencoder.ts";
export {
  type AutoencoderConfig,
  FLUX_AUTOENCODER,
  latentFactor,
  parseAutoencoderConfig,
  SD_AUTOENCODER,
  SDXL_AUTOENCODER,
} from "./config.ts";
export { readAutoencoder } from "./read.ts";
export { autoencoderShapes } from "./shapes.ts";
export { type AutoencoderStage, decoderStages, encoderStages, pixelAttention } from "./stages.ts";
export { checkTile, decodeTiles, encodeTiles } from "./tiles.ts";
