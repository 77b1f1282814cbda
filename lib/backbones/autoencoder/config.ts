import { z } from "zod";
import { DataError } from "../../core/mod.ts";

/** What distinguishes one autoencoder (diffusers' AutoencoderKL) from another. */
export interface AutoencoderConfig {
  /** Channels of a latent. */
  readonly latentChannels: number;
  /** Channels of the levels, from the largest maps to the smallest; every level but the last halves the sides. */
  readonly widths: readonly number[];
  /** Residual blocks of a level of the encoder; the decoder has one more. */
  readonly resnets: number;
  /** Groups of every norm. */
  readonly groups: number;
  /** Whether the smallest maps attend to themselves. */
  readonly midAttention: boolean;
  /** Whether a 1 x 1 convolution follows the encoder. */
  readonly quantConv: boolean;
  /** Whether a 1 x 1 convolution precedes the decoder. */
  readonly postQuantConv: boolean;
  /** Factor that gives latents about unit variance, after the shift. */
  readonly scale: number;
  /** Subtracted from the encoder's output first. */
  readonly shift: number;
  /** Side of the images it was trained with, in pixels; diffusers' tiles have it. */
  readonly sampleSize: number;
}

/** FLUX.1 (Black Forest Labs 2024): 83,819,683 parameters. */
export const FLUX_AUTOENCODER: AutoencoderConfig = {
  latentChannels: 16,
  widths: [128, 256, 512, 512],
  resnets: 2,
  groups: 32,
  midAttention: true,
  quantConv: false,
  postQuantConv: false,
  scale: 0.3611,
  shift: 0.1159,
  sampleSize: 1024,
};

/** Stable Diffusion 1.5 (Rombach et al. 2022): 83,653,863 parameters. */
export const SD_AUTOENCODER: AutoencoderConfig = {
  ...FLUX_AUTOENCODER,
  latentChannels: 4,
  quantConv: true,
  postQuantConv: true,
  scale: 0.18215,
  shift: 0,
  sampleSize: 512,
};

/** Stable Diffusion XL (Podell et al. 2023): the shapes of 1.5; its half-precision form overflows, ours is float32. */
export const SDXL_AUTOENCODER: AutoencoderConfig = { ...SD_AUTOENCODER, scale: 0.13025, sampleSize: 1024 };

const count = z.int().min(1);
// The defaults are those of diffusers: older checkpoints leave fields out.
const published = z.object({
  in_channels: z.literal(3).default(3),
  out_channels: z.literal(3).default(3),
  down_block_types: z.array(z.literal("DownEncoderBlock2D")).min(1),
  up_block_types: z.array(z.literal("UpDecoderBlock2D")).min(1),
  block_out_channels: z.array(count).min(1),
  layers_per_block: count.default(1),
  act_fn: z.literal("silu").default("silu"),
  latent_channels: count.default(4),
  norm_num_groups: count.default(32),
  sample_size: count.default(32),
  scaling_factor: z.number().positive().default(0.18215),
  shift_factor: z.number().nullish(),
  latents_mean: z.null().optional(),
  latents_std: z.null().optional(),
  use_quant_conv: z.boolean().default(true),
  use_post_quant_conv: z.boolean().default(true),
  mid_block_add_attention: z.boolean().default(true),
});

/**
 * Read the `vae/config.json` of a diffusers checkpoint.
 *
 * @param json Its value.
 * @returns The same configuration in this project's words.
 * @throws {DataError} If a field is missing, of the wrong kind, or asks for another kind of autoencoder.
 */
export function parseAutoencoderConfig(json: unknown): AutoencoderConfig {
  const { success, data, error } = published.safeParse(json);
  if (!success) {
    const { path, message } = error.issues[0];
    throw new DataError(`Cannot read autoencoder config as ${path.join(".") || "it"} does not fit: ${message}`);
  }
  const widths = data.block_out_channels;
  for (const blocks of [data.down_block_types, data.up_block_types]) {
    if (blocks.length !== widths.length) {
      throw new DataError(
        `Cannot read autoencoder config as it must have ${widths.length} blocks each way: ` +
          `current value is ${blocks.length}`,
      );
    }
  }
  return {
    latentChannels: data.latent_channels,
    widths,
    resnets: data.layers_per_block,
    groups: data.norm_num_groups,
    midAttention: data.mid_block_add_attention,
    quantConv: data.use_quant_conv,
    postQuantConv: data.use_post_quant_conv,
    scale: data.scaling_factor,
    shift: data.shift_factor ?? 0,
    sampleSize: data.sample_size,
  };
}

/** Pixels per cell of a latent, along one side. */
export function latentFactor(config: AutoencoderConfig): number {
  return 2 ** (config.widths.length - 1);
}
