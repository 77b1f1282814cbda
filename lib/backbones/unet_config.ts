/** What distinguishes one UNet of the Stable Diffusion family from another. */
export interface UnetConfig {
  /** Latent channels; twice as many with the condition on the channels. */
  readonly inChannels: number;
  /** Latent channels of the predicted noise. */
  readonly outChannels: number;
  /** Channels of every level, from the finest to the coarsest. */
  readonly widths: readonly number[];
  /** Residual blocks per level on the way down; one more on the way up. */
  readonly layers: number;
  /** Transformer blocks after every residual block of a level; 0 where the level does not attend. */
  readonly depths: readonly number[];
  /** Transformer blocks in the middle. */
  readonly middleDepth: number;
  /** Attention heads of every level; the middle has those of the last. */
  readonly heads: readonly number[];
  /** Width of a text token. */
  readonly contextWidth: number;
  /** Groups of channels that are normalised together. */
  readonly groups: number;
  /** Whether the projections around the transformer blocks are linear layers (SDXL) or 1 x 1 convolutions (SD1.5). */
  readonly linearProjection: boolean;
  /** What SDXL embeds besides the time: six sizes in pixels, and pooled text. */
  readonly added?: {
    /** Width of the sinusoid of each size. */
    readonly sizeWidth: number;
    /** Width of the pooled text. */
    readonly pooledWidth: number;
  };
}

/** Sizes in pixels that SDXL is told: original height and width, top and left of the crop, target height and width. */
export const SIZE_COUNT = 6;

/** The UNet of Stable Diffusion 1.5 (Rombach et al. 2022): 859,520,964 parameters. */
export const SD15_UNET: UnetConfig = {
  inChannels: 4,
  outChannels: 4,
  widths: [320, 640, 1280, 1280],
  layers: 2,
  depths: [1, 1, 1, 0],
  middleDepth: 1,
  heads: [8, 8, 8, 8],
  contextWidth: 768,
  groups: 32,
  linearProjection: false,
};

/** The UNet of Stable Diffusion XL (Podell et al. 2023): 2,567,463,684 parameters. */
export const SDXL_UNET: UnetConfig = {
  inChannels: 4,
  outChannels: 4,
  widths: [320, 640, 1280],
  layers: 2,
  depths: [0, 2, 10],
  middleDepth: 10,
  heads: [5, 10, 20],
  contextWidth: 2048,
  groups: 32,
  linearProjection: true,
  added: { sizeWidth: 256, pooledWidth: 1280 },
};

/**
 * Find by how much a UNet divides height and width on its way down; latents must be multiples of it.
 *
 * @param config Number of levels.
 * @returns 8 for SD1.5 and 4 for SDXL.
 */
export function unetFactor(config: UnetConfig): number {
  return 2 ** (config.widths.length - 1);
}
